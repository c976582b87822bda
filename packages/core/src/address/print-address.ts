import { assertNever } from '../fault.ts';
import type { ChannelAddress } from './address.ts';
import { printHost } from './authority.ts';

/**
 * The native form (reference 2.1): what people see and what identifies a host. Reads back to the same address,
 * except an alias, which only its URL form can express. IPv6 hosts are bracketed for every kind.
 */
export function printAddress(address: ChannelAddress): string {
  switch (address.kind) {
    case 'tcp':
    case 'tls':
    case 'metatls':
    case 'quic':
    case 'metaquic':
      return `${address.kind}:${printHost(address.host)}:${address.port}`;
    case 'unix':
      return `unix:${address.path}`;
    case 'unix-abstract':
      return `unix:@${address.name}`;
    case 'local':
      return `local:${address.id}`;
    case 'alias':
      return `alias:dial_to=${printAddress(address.dial)};bind_to=${printAddress(address.bind)}`;
    default:
      return assertNever(address);
  }
}

/** The URL form (reference 2.1), used inside locations. Reads back to the same address, whatever its kind. */
export function printAddressUrl(address: ChannelAddress): string {
  switch (address.kind) {
    case 'tcp':
    case 'tls':
    case 'metatls':
    case 'quic':
    case 'metaquic':
      return `${address.kind}://${printHost(address.host)}:${address.port}`;
    case 'unix':
      return `ipc://${address.path}`;
    case 'unix-abstract':
      return `ipc://@${address.name}`;
    case 'local':
      return `inproc://${address.id}`;
    case 'alias':
      return `${printAddressUrl(address.dial)}@${printAddressUrl(address.bind)}`;
    default:
      return assertNever(address);
  }
}
