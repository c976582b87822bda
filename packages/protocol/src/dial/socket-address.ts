import type { ChannelAddress, TcpAddress } from '@hostmesh/core';

/** Addresses that a socket can be opened to, or listen on. */
export type SocketAddress =
  | TcpAddress
  | { readonly kind: 'tls'; readonly host: string; readonly port: number }
  | Extract<ChannelAddress, { kind: 'unix' | 'unix-abstract' }>;
