import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 1000;

/** Does a write again and again until it succeeds. Undefined when the signal fires before that; never rejects. */
export async function persist<T>(
  write: () => Promise<T>,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<T | undefined> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      return await write();
    } catch (error) {
      if (Math.log2(failures + 1) % 1 === 0) onError(error);
      await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
