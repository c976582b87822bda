import { isIPv4 } from 'node:net';

interface Reading {
  readonly message: string;
  /** A host that is still booting can answer like this. */
  readonly retryable: boolean;
}

/** What we ran out of ourselves: no host is to blame for it. */
const ownReadings = {
  EMFILE: 'this process has too many open files: raise its limit (ulimit -n)',
  ENFILE: 'this machine has too many open files: raise fs.file-max',
  ENOMEM: 'this machine has no memory left for another connection',
  ENOBUFS: 'this machine has no buffers left for another connection',
  EAI_MEMORY: 'this machine has no memory left to look up a host name',
} as const;
const NO_PORT_LEFT = 'this machine has no free port left to connect from: widen net.ipv4.ip_local_port_range';

/** Errors of the network itself, as operators read them. */
const readings: Readonly<Record<string, Reading>> = {
  ECONNREFUSED: { message: 'connection refused', retryable: true },
  ECONNRESET: { message: 'connection reset', retryable: true },
  ENOTFOUND: { message: 'host name not found', retryable: true },
  EAI_AGAIN: {
    message: 'the name server that this machine asks gave no answer, which says nothing of the host',
    retryable: true,
  },
  EHOSTUNREACH: { message: 'host unreachable', retryable: true },
  EHOSTDOWN: { message: 'host is down', retryable: true },
  ENETUNREACH: { message: 'network unreachable', retryable: false },
  ETIMEDOUT: { message: 'connection timed out', retryable: true },
  ENOENT: { message: 'no such socket', retryable: true },
  EACCES: { message: 'permission denied', retryable: false },
  EPERM: { message: 'this machine does not let us connect there: see its own firewall', retryable: false },
  EADDRNOTAVAIL: { message: 'this machine has no address to reach it from', retryable: true },
  ...Object.fromEntries(
    Object.entries(ownReadings).map(([code, message]) => [code, { message, retryable: false }]),
  ),
};

export interface SocketError extends Reading {
  readonly code: string;
  readonly cause: unknown;
  /** We ran out of something ourselves; the other end has no part in it. */
  readonly own: boolean;
}

/** Translates what a socket reports. `secure` says whether TLS was spoken on it: then unknown codes are `TLS_…`. */
export function readSocketError(error: unknown, secure = false): SocketError {
  const cause = mostTelling(error);
  const given = codeOf(cause);
  const code = given === 'EPIPE' ? 'ECONNRESET' : given;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (isOwn(code, cause)) {
    const message = code === 'EADDRNOTAVAIL' ? NO_PORT_LEFT : (readings[code]?.message ?? text);
    return { code, cause, message, retryable: false, own: true };
  }
  const reading = readings[code] ?? { message: text, retryable: false };
  if (!secure || code in readings || isErrno(code)) return { code, cause, ...reading, own: false };
  // ERR_TLS_CERT_ALTNAME_INVALID, ERR_SSL_WRONG_VERSION_NUMBER and CERT_HAS_EXPIRED alike.
  const reason = code.replace(/^ERR_(?:TLS|SSL)_/, '').replace(/^TLS_/, '');
  return {
    code: `TLS_${reason}`,
    cause,
    message: `TLS handshake failed: ${text}`,
    retryable: false,
    own: false,
  };
}

/** Without IPv6 no IPv6 address can be reached: that is no lack of ports. */
const isOwn = (code: string, cause: unknown): boolean =>
  code in ownReadings ||
  (code === 'EADDRNOTAVAIL' && cause instanceof Error && 'address' in cause && isIPv4(String(cause.address)));

/** `EPROTO` is how libuv reports what OpenSSL has no code for. */
const isErrno = (code: string): boolean => /^E[A-Z0-9]+$/.test(code) && code !== 'EPROTO';

/**
 * A name with several addresses fails with one error per address. A refusal says most: something answered. What we ran out
 * of is next, while the others may only tell that this machine has no IPv6.
 */
function mostTelling(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  // `errors` is any[] in the standard library.
  const errors = error.errors as unknown[];
  return (
    errors.find((each) => codeOf(each) === 'ECONNREFUSED') ??
    errors.find((each) => isOwn(codeOf(each), each)) ??
    errors[0] ??
    error
  );
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'UNKNOWN';
}
