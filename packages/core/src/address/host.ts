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
export function canonicalHost(text: string): string | undefined {
  if (text.startsWith('[') && text.endsWith(']')) return canonicalIpv6(text.slice(1, -1));
  if (text.includes(':')) return canonicalIpv6(text);
  if (IPV4.test(text)) return text;
  return NAME.test(text) && !ENDS_IN_NUMBER.test(text) ? text : undefined;
}

/** A host as it stands before `:port`. */
export function printHost(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
