import { randomBytes } from 'node:crypto';
import type { TcpAddress } from '@hostmesh/core';
import { AgentKey } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { assignFaults, type SimFaults } from '../fault/assign-faults.ts';
import type { SimFault } from '../fault/sim-fault.ts';
import { createFrameReader } from '../push/request-frame.ts';
import type { SimLoss } from '../push/sim-host-state.ts';
import { createFront } from './front.ts';
import { SimHostPort } from './host-port.ts';
import { checkOpenFiles, checkPorts } from './limits.ts';
import type { SimHostTruth } from './sim-host-truth.ts';
import { SimHost } from './sim-host.ts';
import { SimHostsError } from './sim-hosts-error.ts';

/** Which hosts to simulate. */
export interface SimHostsSpec {
  readonly count: number;
  /** Rank r listens on `basePort + r`; any free ports when absent or 0. */
  readonly basePort?: number;
  readonly faults?: SimFaults;
  /** What clients have to prove that they have; the one of all tests when absent. */
  readonly agentKey?: string;
  /** Starts every host id; random when absent, so that no two sets of hosts share ids. */
  readonly idPrefix?: string;
  /** Rank of the first host, when these are a part of a larger set; 0 when absent. */
  readonly firstRank?: number;
}

/** Simulated hosts in this process, listening on loopback. */
export interface SimHosts extends AsyncDisposable {
  /** In rank order. */
  readonly addresses: readonly TcpAddress[];
  /** In rank order; every read tells what is the case now. */
  readonly hosts: readonly SimHostTruth[];
  /** Takes effect on the next dial or request; `refuse` ends open connections, and what follows it listens again. */
  setFault(rank: number, fault: SimFault): Promise<void>;
  /** The host dies and is back at once, as a new incarnation, with its config unless that is lost; its procs have ended. */
  restart(rank: number, lost?: SimLoss): Promise<void>;
  /** A proc of that host gets a deadly signal from outside of its mesh. */
  killProc(rank: number, procId: string, signal: string): void;
  /** Every proc that is ready changes its state every so often from now on, and is ready again at the end. */
  flapProcs(everyMs: number, forMs: number): void;
  close(): Promise<void>;
}

/**
 * Starts hosts that speak the agent protocol (design section 5), one port each, with faults on demand. Rejects
 * with a `SimHostsError` and leaves nothing behind when limits or ports do not allow it.
 */
export async function startSimHosts(spec: SimHostsSpec): Promise<SimHosts> {
  const { count, basePort = 0, firstRank = 0, idPrefix = randomPrefix() } = spec;
  checkPorts(count, basePort);
  checkOpenFiles(count);
  const faults = assignFaults(count, spec.faults ?? {});
  const sink = new SimHostPort(0, (socket) => socket.on('error', () => socket.destroy()).resume());
  const shared = { front: createFront(keyOf(spec.agentKey)), readFrame: createFrameReader(), sink };
  const hosts = Array.from(
    { length: count },
    (_, index) => new SimHost(firstRank + index, idPrefix, basePort && basePort + index, shared),
  );
  const hostAt = (rank: number): SimHost => {
    const host = hosts[rank - firstRank];
    if (host === undefined) throw new SimHostsError('bad_spec', `there is no host of rank ${rank}`);
    return host;
  };
  const close = async (): Promise<void> => {
    await Promise.all([sink, ...hosts].map((each) => each.close()));
  };

  try {
    await Promise.all([sink, ...hosts].map((each) => each.open()));
    await Promise.all([...faults].map(([index, fault]) => hostAt(firstRank + index).setFault(fault)));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    addresses: hosts.map(({ channel }) => channel),
    hosts,
    setFault: (rank, fault) => hostAt(rank).setFault(fault),
    restart: (rank, lost) => hostAt(rank).restart(lost),
    killProc: (rank, procId, signal) => hostAt(rank).happen({ kind: 'killed', signal }, procId),
    flapProcs: (everyMs, forMs) => {
      const untilMs = Date.now() + forMs;
      for (const host of hosts) host.happen({ kind: 'flap', everyMs, untilMs });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function keyOf(text: string | undefined): AgentKey {
  if (text === undefined) return testAgentKey;
  const key = AgentKey.parse(text);
  if (!key.ok) throw new SimHostsError('bad_spec', key.fault.message);
  return key.value;
}

/** A start of host ids that no other set of hosts has. */
export const randomPrefix = (): string => `sim-${randomBytes(3).toString('hex')}`;
