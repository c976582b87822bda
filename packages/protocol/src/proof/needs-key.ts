import type { ChannelAddress } from '@hostmesh/core';

/**
 * Whether nothing but a key can tell who is at the other end of an address: `tls:` has certificates, the path of a `unix:`
 * socket is guarded by the rights of its directory, which are looked at (`whyNotPrivate`), and `local:` is this process. The port of a machine is open to all of its
 * users, on loopback too.
 */
export function needsKey(address: ChannelAddress): boolean {
  if (address.kind === 'alias') return needsKey(address.bind);
  return address.kind === 'tcp' || address.kind === 'unix-abstract';
}
