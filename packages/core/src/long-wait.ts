/** A timer of the platform holds 24.8 days: told more, it fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Calls back once after `delayMs`, however long that is; returns what prevents it. Every wait whose length comes from
 * outside is made of this.
 */
export function callAfter(delayMs: number, callback: () => void): () => void {
  let restMs = delayMs;
  let timer: ReturnType<typeof setTimeout>;
  const arm = (): void => {
    const stepMs = Math.min(restMs, MAX_TIMER_MS);
    restMs -= stepMs;
    timer = setTimeout(restMs > 0 ? arm : callback, stepMs);
  };
  arm();
  return () => clearTimeout(timer);
}

/** A signal that fires after a time. Disposed of, it never does, and holds nothing. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** As `AbortSignal.timeout`, for any length; it keeps the process alive until it is disposed of. */
export function deadlineAfter(delayMs: number): Deadline {
  const late = new AbortController();
  const cancel = callAfter(delayMs, () => late.abort(new DOMException('the time is over', 'TimeoutError')));
  return { signal: late.signal, [Symbol.dispose]: cancel };
}

/** Resolves after `delayMs`, or when the signal fires: true in the first case. */
export function pauseFor(delayMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve(signal?.aborted !== true);
    };
    const cancel = callAfter(delayMs, done);
    signal?.addEventListener('abort', done);
  });
}
