interface Reading {
  readonly message: string;
  /** A host that is still booting can answer like this. */
  readonly retryable: boolean;
}

/** Errors of the network itself, as operators read them. */
const readings: Readonly<Record<string, Reading>> = {
  ECONNREFUSED: { message: 'connection refused', retryable: true },
  ECONNRESET: { message: 'connection reset', retryable: true },
  ENOTFOUND: { message: 'host name not found', retryable: true },
  EAI_AGAIN: { message: 'host name lookup failed for now', retryable: true },
  EHOSTUNREACH: { message: 'host unreachable', retryable: true },
  EHOSTDOWN: { message: 'host is down', retryable: true },
  ENETUNREACH: { message: 'network unreachable', retryable: false },
  ETIMEDOUT: { message: 'connection timed out', retryable: true },
  ENOENT: { message: 'no such socket', retryable: true },
  EACCES: { message: 'permission denied', retryable: false },
  EMFILE: { message: 'this process has too many open files', retryable: false },
  EADDRNOTAVAIL: { message: 'this machine has no free port left', retryable: true },
};

export interface SocketError extends Reading {
  readonly code: string;
  readonly cause: unknown;
}

/** Translates what a socket reports. `secure` says whether TLS was spoken on it: then unknown codes are `TLS_…`. */
export function readSocketError(error: unknown, secure = false): SocketError {
  const cause = mostTelling(error);
  const given = codeOf(cause);
  const code = given === 'EPIPE' ? 'ECONNRESET' : given;
  const text = cause instanceof Error ? cause.message : String(cause);
  const reading = readings[code] ?? { message: text, retryable: false };
  if (!secure || code in readings || isErrno(code)) return { code, cause, ...reading };
  // ERR_TLS_CERT_ALTNAME_INVALID, ERR_SSL_WRONG_VERSION_NUMBER and CERT_HAS_EXPIRED alike.
  const reason = code.replace(/^ERR_(?:TLS|SSL)_/, '').replace(/^TLS_/, '');
  return { code: `TLS_${reason}`, cause, message: `TLS handshake failed: ${text}`, retryable: false };
}

/** `EPROTO` is how libuv reports what OpenSSL has no code for. */
const isErrno = (code: string): boolean => /^E[A-Z0-9]+$/.test(code) && code !== 'EPROTO';

/**
 * A name with several addresses fails with one error per address. A refusal says most: something answered, while
 * the others may only tell that this machine has no IPv6.
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
