import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { testDir } from './api-process.ts';

const main = fileURLToPath(new URL('../../../agent/src/main.ts', import.meta.url));

/** Starts a real host agent on a free port; resolves with its address. Killed after the test. */
export async function startAgent(env: Readonly<Record<string, string>> = {}): Promise<string> {
  const args = [main, '--listen', 'tcp:127.0.0.1:0', '--data-dir', await testDir()];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /"address":"(tcp:[^"]+)"/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('the agent ended before it listened');
}
