import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TEST_AGENT_KEY_FILE } from '@hostmesh/protocol/testing-key';
import { testDir } from './api-process.ts';
import { atEnd } from './per-file.ts';

const fileOf = (path: string): string => fileURLToPath(new URL(`../../../agent/${path}`, import.meta.url));
/** As `main.ts` of the agent starts it over: without reading every module twice, from the cache that it fills. */
const startedOver = ['--max-semi-space-size=1', fileOf('src/cli.ts')];
const COMPILE_CACHE = fileOf('node_modules/.cache/compile');

/** A real host agent. Killed in the end. */
export interface ApiAgent {
  readonly address: string;
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
  readonly ended: Promise<unknown>;
}

/** Starts a real host agent, on a free port unless it is to have that of one before; resolves when it listens. */
export async function startApiAgent({
  env = {},
  listen = 'tcp:127.0.0.1:0',
  dataDir,
}: {
  env?: Readonly<Record<string, string>>;
  listen?: string;
  dataDir?: string;
} = {}): Promise<ApiAgent> {
  const args = [...startedOver, '--listen', listen, '--data-dir', dataDir ?? (await testDir())];
  const path = process.env.PATH ?? '/usr/bin:/bin';
  const child = spawn(process.execPath, args, {
    env: {
      PATH: path,
      NODE_COMPILE_CACHE: COMPILE_CACHE,
      HOSTMESH_AGENT_KEY_FILE: TEST_AGENT_KEY_FILE,
      HOSTMESH_RUN_AS: userInfo().username,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const listening = /"address":"(tcp:[^"]+)"/.exec(line)?.[1];
      if (listening !== undefined) resolve(listening);
    });
    void ended.then(() => reject(new Error('the agent ended before it listened')));
  });
  return { address, ended, kill: (signal) => void child.kill(signal) };
}

/** The address of a real host agent on a free port. */
export const startAgent = async (env: Readonly<Record<string, string>> = {}): Promise<string> =>
  (await startApiAgent({ env })).address;

/** So many real host agents, each on a free port. */
export const startApiAgents = (count: number): Promise<ApiAgent[]> =>
  Promise.all(Array.from({ length: count }, () => startApiAgent()));
