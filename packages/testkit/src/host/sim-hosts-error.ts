/**
 * Why simulated hosts could not start; the message says what to do about it.
 * - `bad_spec`: the spec asks for something impossible
 * - `port_taken`: somebody else listens on a port that was asked for
 * - `too_many_open_files`: this process may not open as many sockets as the hosts need
 */
const codes = ['bad_spec', 'port_taken', 'too_many_open_files'] as const;
export type SimHostsErrorCode = (typeof codes)[number];

/** Thrown, not returned: a test or benchmark without its hosts has nothing left to do. */
export class SimHostsError extends Error {
  readonly code: SimHostsErrorCode;

  constructor(code: SimHostsErrorCode, message: string) {
    super(message);
    this.name = 'SimHostsError';
    this.code = code;
  }
}

/** The same error again after it crossed a process boundary, which keeps message and code alone. */
export function revivedError(error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error)) return error;
  const code = codes.find((known) => known === error.code);
  return code === undefined ? error : new SimHostsError(code, error.message);
}
