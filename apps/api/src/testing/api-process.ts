import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { TEST_AGENT_KEY_FILE } from '@hostmesh/protocol/testing-key';
import { atEnd } from './per-file.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A real API, `node main.ts`, on a free port. */
export interface ApiProcess {
  /** Resolves with its URL once it is ready; rejects when it ends without. */
  readonly url: Promise<string>;
  /** Everything that it wrote so far. */
  readonly output: () => string;
  readonly ended: Promise<number | null>;
  readonly pid: number | undefined;
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
}

/** Starts it with these settings; what is still there after the test is killed. */
export function startApiProcess(env: Readonly<Record<string, string>>): ApiProcess {
  const child = spawn(process.execPath, [main], {
    env: {
      HOSTMESH_API_PORT: '0',
      HOSTMESH_SHUTDOWN_GRACE: '1s',
      HOSTMESH_AGENT_KEY_FILE: TEST_AGENT_KEY_FILE,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = once(child, 'close').then(() => child.exitCode);
  atEnd(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const url = new Promise<string>((resolve, reject) => {
    const read = (line: string) => {
      output += `${line}\n`;
      const [, ready] = /API ready: (http[^"]+)/.exec(line) ?? [];
      if (ready !== undefined) resolve(ready);
    };
    createInterface({ input: child.stdout }).on('line', read);
    createInterface({ input: child.stderr }).on('line', read);
    void ended.then(() => reject(new Error(`the API ended before it was ready:\n${output}`)));
  });
  // Whoever does not wait for it does not care either.
  url.catch(() => undefined);
  return { url, output: () => output, ended, pid: child.pid, kill: (signal) => void child.kill(signal) };
}

/** A directory of this test alone. */
export async function testDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'hostmesh-api-'));
  atEnd(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** The token that an API keeps in its data directory, as a header. */
export const adminOf = async (dataDir: string): Promise<{ authorization: string }> => ({
  authorization: `Bearer ${(await readFile(join(dataDir, 'admin-token'), 'utf8')).trim()}`,
});
