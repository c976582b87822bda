import type { Owner, ProcReport } from '@hostmesh/protocol';
import type { SimFault } from '../fault/sim-fault.ts';

/** What is really the case on a simulated host, whatever it says. */
export interface SimHostTruth {
  readonly rank: number;
  /** In native form (reference section 2.1). */
  readonly address: string;
  readonly hostId: string;
  readonly incarnation: string;
  readonly fault: SimFault;
  readonly installedDigest: string | null;
  readonly installedOwner: Owner | null;
  /** The highest epoch that this incarnation has seen in a push or a restore. */
  readonly epoch: number;
  /** Whether a restore has undone the latest push that was installed. */
  readonly restored: boolean;
  /** Pushes that arrived, whatever became of them. */
  readonly pushes: number;
  /** TCP connections that were ever accepted. */
  readonly dials: number;
  /** TCP connections that are open. */
  readonly connections: number;
  /** Every proc that it has, those that have ended included. */
  readonly procs: readonly ProcReport[];
}

/** The same as it is now, as a plain value. */
export const truthOf = (host: SimHostTruth): SimHostTruth => ({
  rank: host.rank,
  address: host.address,
  hostId: host.hostId,
  incarnation: host.incarnation,
  fault: host.fault,
  installedDigest: host.installedDigest,
  installedOwner: host.installedOwner,
  epoch: host.epoch,
  restored: host.restored,
  pushes: host.pushes,
  dials: host.dials,
  connections: host.connections,
  procs: host.procs,
});
