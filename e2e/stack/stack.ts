import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { end, printed } from './processes.ts';

export const root = join(import.meta.dirname, '../..');

/** What the tests know of the running product. */
export interface Stack {
  /** The URL that `npm start` printed: opening it signs in, once. */
  readonly url: string;
  readonly webPort: number;
  readonly apiPort: number;
  /** Four agents listen from here on, which no other worker uses. */
  readonly agentPort: number;
  readonly dataDir: string;
}

/** What the product is given in its environment, and has to hide. */
export const GIVEN_SECRET = 'a secret that was given';

/** Local agents of each worker: stories that run beside each other share none. */
const AGENTS = 4;

/** What is left of Node's compiling, for every process of every run. */
export const compileCache = process.env.NODE_COMPILE_CACHE ?? join(root, 'node_modules/.cache/compile');

/** The host list of the local agents. */
export const localAgents = ({ agentPort }: Stack): string =>
  `tcp:127.0.0.1:[${agentPort}-${agentPort + AGENTS - 1}]`;

const READY_LINE = /^Hostmesh is ready: (\S+)$/m;

/** The stack as the worker of this number sees it: with the agents that are its own. */
export const stackOfWorker = (stack: Stack, index: number): Stack => ({
  ...stack,
  agentPort: stack.agentPort + index * AGENTS,
});

/** Starts the product for so many workers as `npm start` does, on free ports and an empty data directory. */
export async function startStack(workers: number): Promise<{ stack: Stack; stop: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-e2e-'));
  const agents = AGENTS * workers;
  const [webPort, apiPort, agentPort] = [await freePorts(1), await freePorts(1), await freePorts(agents)];
  const child = spawn(process.execPath, [join(root, 'scripts/start.ts')], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      HOSTMESH_DATA_DIR: dataDir,
      HOSTMESH_WEB_PORT: String(webPort),
      HOSTMESH_API_PORT: String(apiPort),
      HOSTMESH_AGENT_PORT: String(agentPort),
      HOSTMESH_AGENTS: String(agents),
      DATABASE_URL: '',
      // Nobody needs them: they are to be found nowhere.
      PGPASSWORD: GIVEN_SECRET,
      HOSTMESH_TOKEN: GIVEN_SECRET,
      NODE_COMPILE_CACHE: compileCache,
    },
  });
  const stop = async () => {
    await end(child, 'SIGTERM');
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const url = await printed(child, READY_LINE);
    return { stack: { url, webPort, apiPort, agentPort, dataDir }, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Below the range from which systems hand out ports to whoever asks for any. */
const FIRST_PORT = 10_000;
const LAST_PORT = 30_000;

/** The first of `count` consecutive ports that nobody listens on. */
export async function freePorts(count: number): Promise<number> {
  for (;;) {
    const first = randomInt(FIRST_PORT, LAST_PORT);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
