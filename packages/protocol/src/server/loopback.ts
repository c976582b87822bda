import { BlockList, isIP } from 'node:net';
import type { ChannelAddress } from '@hostmesh/core';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an agent that listens there can be reached from this machine alone (design section 5). */
export function isLoopback(address: ChannelAddress): boolean {
  if (address.kind === 'alias') return isLoopback(address.bind);
  if (!('host' in address)) return true;
  const version = isIP(address.host);
  if (version === 0) return address.host.toLowerCase() === 'localhost';
  return loopback.check(address.host, version === 4 ? 'ipv4' : 'ipv6');
}
