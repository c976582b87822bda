import { fail, ok, type Result } from '../fault/fault.ts';
import type { AddressFault, ChannelAddress, TcpAddress, tlsKinds } from './address.ts';
import { canonicalHost } from './host.ts';

const PREFIX = 'invalid socket address syntax';

/** Reads `host:port`, split at the last colon. */
function parseAuthority(text: string): Result<{ host: string; port: number }, AddressFault> {
  const colon = text.lastIndexOf(':');
  if (colon < 0 || text.endsWith(']')) {
    return fail({ code: 'invalid_port', message: `${PREFIX}: '${text}' has no port, write host:port` });
  }
  const port = text.slice(colon + 1);
  if (/^fd\d+$/.test(port)) {
    const message = `${PREFIX}: adopting an open file descriptor ('${port}') is not supported, write host:port`;
    return fail({ code: 'unsupported_descriptor', message });
  }
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    return fail({
      code: 'invalid_port',
      message: `${PREFIX}: '${port}' is no port, write a number up to 65535`,
    });
  }
  const host = canonicalHost(text.slice(0, colon));
  if (host === undefined) {
    const message = `${PREFIX}: '${text.slice(0, colon)}' is neither an IP address nor a host name`;
    return fail({ code: 'invalid_host', message });
  }
  return ok({ host, port: Number(port) });
}

/** Reads what follows `tcp:`. IPv6 needs brackets: `fe80::1:80` could also be an address without a port. */
export function parseTcp(text: string): Result<TcpAddress, AddressFault> {
  const authority = parseAuthority(text);
  if (!authority.ok) return authority;
  if (authority.value.host.includes(':') && !text.startsWith('[')) {
    const message = `${PREFIX}: write an IPv6 address in brackets, [${authority.value.host}]:${authority.value.port}`;
    return fail({ code: 'invalid_host', message });
  }
  return ok({ kind: 'tcp', ...authority.value });
}

/** Reads what follows `tls:` and its relatives; the last colon is before the port, with or without brackets. */
export function parseTls(
  kind: (typeof tlsKinds)[number],
  text: string,
): Result<ChannelAddress, AddressFault> {
  const authority = parseAuthority(text);
  return authority.ok ? ok({ kind, ...authority.value }) : authority;
}
