import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { testDir } from './api-process.ts';

const agentFile = (path: string): string => fileURLToPath(new URL(`../../../agent/${path}`, import.meta.url));
/** As the program of the agent starts itself over: modules are read once, from a cache. */
const program = ['--max-semi-space-size=1', agentFile('src/cli.ts')];
const cache = { NODE_COMPILE_CACHE: agentFile('node_modules/.cache/compile') };

/** A real host agent. Killed after the test. */
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
  const args = [...program, '--listen', listen, '--data-dir', dataDir ?? (await testDir())];
  const path = process.env.PATH ?? '/usr/bin:/bin';
  const child = spawn(process.execPath, args, {
    env: { PATH: path, ...cache, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  onTestFinished(async () => {
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
