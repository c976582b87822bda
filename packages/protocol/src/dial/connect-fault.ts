import { readSocketError } from '../channel/socket-error.ts';
import type { ConnectFault, ConnectPhase } from '../transport.ts';

/** A fault that does not go away by waiting, unless `more` says so. */
export function connectFault(
  phase: ConnectPhase,
  code: string,
  message: string,
  more: { readonly retryable?: boolean; readonly cause?: unknown; readonly own?: boolean } = {},
): ConnectFault {
  return { code, message, phase, retryable: false, ...more };
}

/** Translates what a socket reported while dialling. */
export function faultOfError(error: unknown, phase: ConnectPhase, secure: boolean): ConnectFault {
  const { code, message, retryable, cause, own } = readSocketError(error, secure);
  return connectFault(phase, code, message, { retryable, cause, own });
}
