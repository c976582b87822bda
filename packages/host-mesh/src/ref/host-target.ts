import type { ChannelAddress } from '@hostmesh/core';
import { printHostRef, type HostRef } from './host-ref.ts';

/** A host as the target of an operation on a mesh. */
export interface HostTarget {
  /** Its rank in the view that is operated on. */
  readonly rank: number;
  readonly address: ChannelAddress;
  /**
   * How reports name the host: its address in native form, with its service proc when that is explicit. The
   * reference names the address alone, which two service procs may share (reference section 6.4).
   */
  readonly text: string;
}

export const targetsOf = (hosts: readonly HostRef[]): readonly HostTarget[] =>
  hosts.map((host, rank) => ({ rank, address: host.address, text: printHostRef(host) }));
