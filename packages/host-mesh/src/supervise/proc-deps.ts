import type { Owner } from '@hostmesh/protocol';
import type { ReachDeps } from '../links/reach.ts';
import type { ProcFeed } from '../monitor/proc-feed.ts';
import type { HostTarget } from '../ref/host-ref.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { SupervisionSettings } from './supervision-settings.ts';

/** What the proc meshes of a host mesh share. */
export interface ProcDeps extends ReachDeps {
  readonly feed: ProcFeed;
  readonly leases: LeaseKeeper;
  readonly random: () => number;
  readonly owner: Owner;
  /** Of the config that procs are started with: that of the host mesh now; null when none was pushed. */
  readonly configDigest: () => string | null;
  /** Text form. */
  readonly hostMeshId: string;
  /** The hosts, by view rank. */
  readonly targets: readonly HostTarget[];
  /** As the config of the host mesh is now. */
  readonly settings: () => SupervisionSettings;
}
