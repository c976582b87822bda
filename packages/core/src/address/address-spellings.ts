import type { ChannelAddress } from './address.ts';
import { printHost } from './authority.ts';
import { printAddress } from './print-address.ts';

/** Of what is dialled; only one of them answers on a port. */
const dialledKinds = ['tcp', 'tls', 'metatls'] as const;
/** The ways to write one loopback address of IPv4. */
const LOOPBACK = ['127.0.0.1', 'localhost'];

/**
 * The printed forms, names in lower case, that lead to the same port of the same machine as this address as far as that
 * can be told without resolving names, beginning with one that is the same for all of them.
 */
export function addressSpellings(address: ChannelAddress): readonly string[] {
  if (!('port' in address)) return [printAddress(address)];
  return spellingsOfHost(address.host).flatMap((host) =>
    dialledKinds.map((kind) => `${kind}:${printHost(host)}:${address.port}`),
  );
}

function spellingsOfHost(typed: string): readonly string[] {
  const host = ipv4Of(typed.toLowerCase().replace(/\.$/, ''));
  const names = LOOPBACK.includes(host) ? LOOPBACK : [host];
  return names.flatMap((name) => (IPV4.test(name) ? [name, mapped(name)] : [name, `${name}.`]));
}

const IPV4 = /^\d+\.\d+\.\d+\.\d+$/;
const MAPPED = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;

/** The IPv4 address that is mapped into an IPv6 one, as `::ffff:7f00:1`; any other host as it is. */
function ipv4Of(host: string): string {
  const parts = MAPPED.exec(host);
  if (parts === null) return host;
  const [high, low] = [parts[1], parts[2]].map((part) => Number.parseInt(part ?? '', 16));
  return [high, low].flatMap((part = 0) => [part >> 8, part & 255]).join('.');
}

/** The canonical IPv6 literal that an IPv4 address is mapped into. */
function mapped(ipv4: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
  return `::ffff:${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
