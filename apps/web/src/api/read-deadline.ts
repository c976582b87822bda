/** A read without an answer for longer has failed: an API that hangs answers no better than one that is gone. */
const READ_DEADLINE_MS = 10_000;

/**
 * `fetch` that gives up reads of JSON whose answer has not begun by the deadline. Requests that change something, and
 * streams, have no deadline.
 */
export function fetchInTime(send: typeof fetch, deadlineMs: number = READ_DEADLINE_MS): typeof fetch {
  return async (input, init) => {
    const isRead = (init?.method ?? 'GET') === 'GET';
    const accepts = new Headers(init?.headers).get('accept');
    if (!isRead || accepts !== 'application/json') return send(input, init);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(lateError(deadlineMs)), deadlineMs);
    const signals = init?.signal ? [init.signal, late.signal] : [late.signal];
    try {
      return await send(input, { ...init, signal: AbortSignal.any(signals) });
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The error that `AbortSignal.timeout` has; that signal itself cannot be called off once there is an answer. */
const lateError = (deadlineMs: number) =>
  new DOMException(`The API has not answered for ${deadlineMs / 1000} s.`, 'TimeoutError');

/** Whether a read failed because it reached its deadline. */
export const isLate = (cause: unknown): cause is DOMException =>
  cause instanceof DOMException && cause.name === 'TimeoutError';
