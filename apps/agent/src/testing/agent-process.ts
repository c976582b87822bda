import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TEST_AGENT_KEY_FILE } from '@hostmesh/protocol/testing-key';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** What node is started with. */
const programs = {
  /** As `main.ts` starts an agent over: without reading every module twice, from the cache that it fills. */
  startedOver: ['--max-semi-space-size=1', fileOf('../cli.ts')],
  /** What is installed, which starts itself over: that takes twice as long. */
  installed: [fileOf('../main.ts')],
  /** Waits half a second for its log to be read, not ten. */
  hasty: [
    '--input-type=module',
    '-e',
    `await (await import('${fileOf('../cli.ts')}')).runProcess(500)`,
    'hasty',
  ],
};
const COMPILE_CACHE = fileOf('../../node_modules/.cache/compile');

type AgentLogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** A real agent, with a data directory of its own. */
export interface AgentProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly dataDir: string;
  readonly log: readonly AgentLogLine[];
  /** Resolves with the first line that says this; rejects when the agent ends without. */
  logged(msg: string): Promise<AgentLogLine>;
  /** Where it listens. */
  address(): Promise<string>;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Kept when it is given. */
  readonly dataDir?: string;
  readonly program?: keyof typeof programs;
}

/** Starts an agent on a free port of loopback, unless `args` say otherwise. Disposing kills it. */
export async function startAgentProcess({
  args = [],
  env = {},
  program = 'startedOver',
  ...given
}: StartOptions = {}): Promise<AgentProcess> {
  const own = given.dataDir === undefined ? await mkdtemp(join(tmpdir(), 'agent-')) : undefined;
  const dataDir = given.dataDir ?? join(own ?? '', 'data');
  const child = spawn(
    process.execPath,
    [...programs[program], '--listen', 'tcp:127.0.0.1:0', '--data-dir', dataDir, ...args],
    {
      env: {
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        HOSTMESH_AGENT_KEY_FILE: TEST_AGENT_KEY_FILE,
        HOSTMESH_RUN_AS: userInfo().username,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const log: AgentLogLine[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    // The agent's own log, which is JSON of this shape or a bug that the test is to fail on.
    log.push(JSON.parse(line) as AgentLogLine);
    for (const look of waiting) look();
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, signal: child.signalCode, stderr }));

  const logged = (msg: string) =>
    new Promise<AgentLogLine>((resolve, reject) => {
      const look = () => {
        const line = log.find((each) => each.msg === msg);
        if (line !== undefined) resolve(line);
      };
      waiting.add(look);
      look();
      void ended.then(() => reject(new Error(`the agent ended before it logged '${msg}': ${stderr}`)));
    });
  return {
    child,
    dataDir,
    log,
    logged,
    address: async () => String((await logged('listening')).address),
    ended,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      if (own !== undefined) await rm(own, { recursive: true });
    },
  };
}
