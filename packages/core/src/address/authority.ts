import { fail, ok, type Result } from '../fault.ts';
import type { AddressFault, ChannelAddress, TcpAddress, tlsKinds } from './address.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const NAME =
  /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;
/** Numeric last labels are how resolvers recognise (mistyped) IPv4 addresses such as `10.0.0.256`. */
const ENDS_IN_NUMBER = /(?:^|\.)(?:\d+|0x[\da-f]*)\.?$/i;

/** The canonical text of an IPv6 literal without brackets: `00cf::1` is `cf::1`. */
function canonicalIpv6(text: string): string | undefined {
  // The check comes first because URL parsers drop tabs and line ends, and take what follows a closing bracket.
  if (!/^[\da-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]`)) return undefined;
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** A host in canonical form: an IP literal (IPv6 with or without brackets) or a name as typed. */
function canonicalHost(text: string): string | undefined {
  if (text.startsWith('[') && text.endsWith(']')) return canonicalIpv6(text.slice(1, -1));
  if (text.includes(':')) return canonicalIpv6(text);
  if (IPV4.test(text)) return text;
  return NAME.test(text) && !ENDS_IN_NUMBER.test(text) ? text : undefined;
}

/** A host as it stands before `:port`. */
export function printHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

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
