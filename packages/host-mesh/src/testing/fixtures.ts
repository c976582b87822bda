import { parseAddress, parseHostMeshId, type ChannelAddress, type HostMeshId } from '@hostmesh/core';
import { snapshotOfAttrs } from '@hostmesh/core/snapshot';
import type { PushOptions } from '../push/push-options.ts';
import { HostMeshRef } from '../ref/host-mesh-ref.ts';
import { FakeTransport } from './fake-transport.ts';
import { ManualClock } from './manual-clock.ts';

/** The address that a text means; throws when it means none. */
export function addressOf(text: string): ChannelAddress {
  const address = parseAddress(text);
  if (!address.ok) throw new Error(address.fault.message);
  return address.value;
}

/** The id that a text means; throws when it means none. */
export function meshId(text: string): HostMeshId {
  const id = parseHostMeshId(text);
  if (!id.ok) throw new Error(id.fault.message);
  return id.value;
}

/** `local:1`, `local:2`, … as targets. */
export function localTargets(count: number) {
  const addresses = Array.from({ length: count }, (_, rank) => addressOf(`local:${rank + 1}`));
  const ref = HostMeshRef.fromAddresses(meshId('train'), addresses);
  if (!ref.ok) throw new Error(ref.fault.message);
  return ref.value.targets;
}

export const aSnapshot = snapshotOfAttrs({ PROC_SPAWN_MAX_IDLE: '45s', MESH_TAIL_LOG_LINES: '7' });
export const anotherSnapshot = snapshotOfAttrs({ PROC_SPAWN_MAX_IDLE: '15s' });
export const us = { clientId: 'client-1', label: 'us' };
export const them = { clientId: 'client-2', label: 'them' };

/** A world of fake agents whose time stands still until the test moves it. */
export function fakeWorld() {
  const clock = new ManualClock();
  const transport = new FakeTransport(clock);
  const options = (more: Partial<PushOptions> = {}): PushOptions => ({
    transport,
    clock,
    snapshot: aSnapshot,
    owner: us,
    epoch: 100,
    timeoutMs: 10_000,
    random: () => 0,
    ...more,
  });
  return { clock, transport, options };
}
