import { createServer } from 'node:net';
import { join } from 'node:path';

/** The workspace. */
export const workspace = join(import.meta.dirname, '../..');

/** A port below those that systems hand out to whoever asks for any, on which nobody listens now. */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer().once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** Passes after so many milliseconds. */
export const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
