import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { compileCache, root, type Stack } from './stack.ts';

/** How a command ended, and what it printed. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a user of this machine would, against the running product. */
export function hostmesh(
  stack: Stack,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, 'apps/cli/src/main.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      HOSTMESH_API_PORT: String(stack.apiPort),
      HOSTMESH_DATA_DIR: stack.dataDir,
      NODE_COMPILE_CACHE: compileCache,
      ...env,
    },
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.err += chunk));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })));
}
