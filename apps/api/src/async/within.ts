import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the promise does, and after `ms` at the latest; the promise must not reject. */
export async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise, sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
  over.abort();
}
