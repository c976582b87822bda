import { fail, ok, type Result } from '../fault.ts';
import type { AddressFault, ChannelAddress } from './address.ts';
import { parseTcp, parseTls } from './authority.ts';

/** What the kernel's socket address holds, less the byte that ends a path or begins an abstract name. */
const MAX_UNIX_BYTES = 107;
const MAX_U64 = 2n ** 64n - 1n;

/**
 * Reads what follows `unix:`. Nothing is refused, where the reference makes up a random name: an address that is
 * another one each time it is read identifies nothing. Blanks, commas and `#` would not survive a host list.
 */
export function parseUnix(text: string): Result<ChannelAddress, AddressFault> {
  const invalid = (why: string) =>
    fail<AddressFault>({ code: 'invalid_unix_path', message: `invalid unix socket '${text}': ${why}` });
  const abstract = text.startsWith('@');
  // unix:///run/x is what other tools write for /run/x, and means the same file.
  const name = abstract ? text.slice(1) : text.replace(/^\/+/, '/');
  if (name === '' || name === '/') return invalid('write unix:/path or unix:@name');
  if (!abstract && !name.startsWith('/')) return invalid('the path must begin with /');
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\s,#\u0000-\u001f\u007f]/.test(name) || !name.isWellFormed()) {
    return invalid('blanks, commas, # and control characters are not allowed');
  }
  if (new TextEncoder().encode(name).length > MAX_UNIX_BYTES)
    return invalid(`it exceeds ${MAX_UNIX_BYTES} bytes`);
  return ok(abstract ? { kind: 'unix-abstract', name } : { kind: 'unix', path: name });
}

/** Reads what follows `local:`. */
export function parseLocal(text: string): Result<ChannelAddress, AddressFault> {
  if (!/^\d{1,20}$/.test(text)) {
    const message = `invalid digit found in string: '${text}' is no local channel, write a decimal number`;
    return fail({ code: 'invalid_local_id', message });
  }
  const id = BigInt(text);
  if (id > MAX_U64)
    return fail({ code: 'invalid_local_id', message: `local channel ${text} exceeds 64 bits` });
  return ok({ kind: 'local', id });
}

/** Reads the native form, `kind:rest` or `kind!rest` (reference 2.1). */
export function parseNative(text: string): Result<ChannelAddress, AddressFault> {
  // A `!` separates only when it comes before every `:`, so that it never changes what the first `:` means.
  const separator = text.search(/[!:]/);
  if (separator < 0) {
    const message = 'no channel type specified: write kind:address, for example tcp:10.0.0.5:26600';
    return fail({ code: 'no_channel_type', message });
  }
  const kind = text.slice(0, separator);
  const rest = text.slice(separator + 1);
  switch (kind) {
    case 'tcp':
      return parseTcp(rest);
    case 'tls':
    case 'metatls':
    case 'quic':
    case 'metaquic':
      return parseTls(kind, rest);
    case 'unix':
      return parseUnix(rest);
    case 'local':
      return parseLocal(rest);
    case 'alias': {
      const message = 'an alias can only be parsed in its URL form, tcp://<dial>@tcp://<bind>';
      return fail({ code: 'invalid_alias', message });
    }
    default: {
      const instead = /^\d+$/.test(rest) ? `did you mean tcp:${text}?` : 'use tcp, tls, unix or local';
      return fail({ code: 'unknown_channel_type', message: `no such channel type: ${kind}; ${instead}` });
    }
  }
}
