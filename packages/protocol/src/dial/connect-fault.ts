import type { ConnectFault, ConnectPhase } from '../transport/transport.ts';

/** Errors of the network itself: how they read, and whether a host that is still booting answers like this. */
const networkErrors: Readonly<Record<string, { readonly message: string; readonly retryable: boolean }>> = {
  ECONNREFUSED: { message: 'connection refused', retryable: true },
  ECONNRESET: { message: 'connection reset', retryable: true },
  EPIPE: { message: 'connection reset', retryable: true },
  ENOTFOUND: { message: 'host name not found', retryable: true },
  EAI_AGAIN: { message: 'host name lookup failed for now', retryable: true },
  EHOSTUNREACH: { message: 'host unreachable', retryable: true },
  EHOSTDOWN: { message: 'host is down', retryable: true },
  ENETUNREACH: { message: 'network unreachable', retryable: false },
  ETIMEDOUT: { message: 'connection timed out', retryable: true },
  ENOENT: { message: 'no such socket', retryable: true },
  EACCES: { message: 'permission denied', retryable: false },
  EMFILE: { message: 'this process has too many open files', retryable: false },
};

export function connectFault(
  phase: ConnectPhase,
  code: string,
  message: string,
  more: { readonly retryable?: boolean; readonly cause?: unknown } = {},
): ConnectFault {
  return { code, message, phase, retryable: more.retryable ?? false, cause: more.cause };
}

/** Translates what a socket reported while dialling. `secure` says whether TLS was spoken on it. */
export function faultOfError(error: unknown, phase: ConnectPhase, secure: boolean): ConnectFault {
  const cause = mostTelling(error);
  const code = codeOf(cause);
  const known = networkErrors[code];
  if (known !== undefined) {
    return connectFault(phase, code === 'EPIPE' ? 'ECONNRESET' : code, known.message, {
      retryable: known.retryable,
      cause,
    });
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  if (!secure || /^E(?!RR_|PROTO)[A-Z]+$/.test(code)) return connectFault(phase, code, text, { cause });
  return connectFault(phase, tlsCode(code), `TLS handshake failed: ${text}`, { cause });
}

/** `ERR_TLS_CERT_ALTNAME_INVALID` and `CERT_HAS_EXPIRED` become `TLS_CERT_…`. */
const tlsCode = (code: string): string => `TLS_${code.replace(/^ERR_(?:TLS|SSL)_(?:TLS_)?/, '')}`;

/**
 * A name with several addresses fails with one error per address. A refusal says most: something answered; the
 * others may only tell that this machine has no IPv6.
 */
function mostTelling(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  // `errors` is any[] in the standard library.
  const errors = error.errors as unknown[];
  return errors.find((each) => codeOf(each) === 'ECONNREFUSED') ?? errors[0] ?? error;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
