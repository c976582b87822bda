import { ok, type Result } from '../fault.ts';
import type { AddressFault, ChannelAddress } from './address.ts';
import { parseAddress } from './parse-address.ts';
import { printAddress, printAddressUrl } from './print-address.ts';

const transports = [
  'unix',
  'tcp',
  'tcp(Localhost)',
  'tcp(Hostname)',
  'tls',
  'metatls(Hostname)',
  'metatls(IpV6)',
  'quic',
  'local',
] as const;

/** Where an endpoint binds (reference 2.1): a transport that chooses the address itself, or an address. */
export type BindSpec = (typeof transports)[number] | ChannelAddress;

/** Reads a transport name, a URL or a native address. */
export function parseBindSpec(text: string): Result<BindSpec, AddressFault> {
  const transport = transports.find((name) => name === text);
  return transport === undefined ? parseAddress(text) : ok(transport);
}

/** Reads back to the same spec. */
export function printBindSpec(spec: BindSpec): string {
  if (typeof spec === 'string') return spec;
  return spec.kind === 'alias' ? printAddressUrl(spec) : printAddress(spec);
}
