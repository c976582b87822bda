import { assertNever, type Fault } from '../fault.ts';

/**
 * `host` is an IP literal in canonical form, without brackets, or a host name that is resolved on dialling: what a
 * name means may change between parsing and dialling, and parsing stays pure (reference 2.1, "Improve on it").
 */
export interface TcpAddress {
  readonly kind: 'tcp';
  readonly host: string;
  readonly port: number;
}

/** Kinds that are dialled over TLS or QUIC; their hosts are checked against certificates. */
export const tlsKinds = ['tls', 'metatls', 'quic', 'metaquic'] as const;

/** Where a process can be dialled (reference 2.1). Port 0 and local id 0 mean "any free one". */
export type ChannelAddress =
  | TcpAddress
  | { readonly kind: (typeof tlsKinds)[number]; readonly host: string; readonly port: number }
  /** An absolute path. */
  | { readonly kind: 'unix'; readonly path: string }
  /** A name in Linux's abstract namespace, without the `@` of its text form. */
  | { readonly kind: 'unix-abstract'; readonly name: string }
  /** In-process, an unsigned 64-bit number. */
  | { readonly kind: 'local'; readonly id: bigint }
  /** Dialled at one address, served at another; only the serving side knows it by this name. */
  | { readonly kind: 'alias'; readonly dial: TcpAddress; readonly bind: TcpAddress };

/** What can be wrong with the text of an address. */
export type AddressFaultCode =
  | 'no_channel_type'
  | 'unknown_channel_type'
  | 'invalid_host'
  | 'invalid_port'
  | 'invalid_unix_path'
  | 'invalid_local_id'
  | 'invalid_alias'
  | 'unsupported_descriptor';

/** Why a text is no address; the message begins with the reference's and goes on with what to write instead. */
export type AddressFault = Fault<AddressFaultCode>;

/** What an address is known by once it enters an identity: for an alias its dial half, else itself. */
export function dialHalf(address: ChannelAddress): Exclude<ChannelAddress, { kind: 'alias' }> {
  return address.kind === 'alias' ? address.dial : address;
}

/** A text that is equal for two addresses exactly when they are the same; host names ignore case. */
export function addressKey(address: ChannelAddress): string {
  switch (address.kind) {
    case 'tcp':
    case 'tls':
    case 'metatls':
    case 'quic':
    case 'metaquic':
      return `${address.kind} ${address.host.toLowerCase()} ${address.port}`;
    case 'unix':
      return `unix ${address.path}`;
    case 'unix-abstract':
      return `unix-abstract ${address.name}`;
    case 'local':
      return `local ${address.id}`;
    case 'alias':
      return `${addressKey(address.dial)} ${addressKey(address.bind)}`;
    default:
      return assertNever(address);
  }
}

/** Whether two addresses name the same endpoint; nothing is resolved. */
export function sameAddress(a: ChannelAddress, b: ChannelAddress): boolean {
  return addressKey(a) === addressKey(b);
}
