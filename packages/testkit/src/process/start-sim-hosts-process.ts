import type { TcpAddress } from '@hostmesh/core';
import { assignFaults } from '../fault/assign-faults.ts';
import type { SimFault } from '../fault/sim-fault.ts';
import { checkPorts, hostsPerProcess } from '../host/limits.ts';
import type { SimHostTruth } from '../host/sim-host-truth.ts';
import { revivedError, SimHostsError } from '../host/sim-hosts-error.ts';
import { randomPrefix, type SimHostsSpec } from '../host/start-sim-hosts.ts';
import type { SimLoss } from '../push/sim-host-state.ts';
import type { SimHostsCommands } from './child.ts';
import { forkCommands, type CommandProcess } from './command-process.ts';

/** Simulated hosts outside this process, so that their work is not counted as its own. */
export interface SimHostsProcess extends AsyncDisposable {
  /** In rank order. */
  readonly addresses: readonly TcpAddress[];
  /** More than one where the limit of open files asks for it. */
  readonly pids: readonly number[];
  /** What is the case on every host now, in rank order. */
  truth(): Promise<SimHostTruth[]>;
  /** The most memory that one of the processes has had. */
  peakRssMb(): Promise<number>;
  /** How many connections are open to all hosts together: `truth` in short. */
  connections(): Promise<number>;
  setFault(rank: number, fault: SimFault): Promise<void>;
  restart(rank: number, lost?: SimLoss): Promise<void>;
  killProc(rank: number, procId: string, signal: string): Promise<void>;
  flapProcs(everyMs: number, forMs: number): Promise<void>;
  /** Ends the hosts and waits until they are gone. They end by themselves when this process does. */
  close(): Promise<void>;
}

/** As `startSimHosts`, in child processes: as many as the limit of open files asks for. */
export async function startSimHostsProcess(spec: SimHostsSpec): Promise<SimHostsProcess> {
  const { count, basePort = 0, firstRank = 0, idPrefix = randomPrefix() } = spec;
  checkPorts(count, basePort);
  const faults = [...assignFaults(count, spec.faults ?? {})];
  const size = hostsPerProcess();
  const shards = Array.from({ length: Math.ceil(count / size) }, (_, shard) => {
    const first = shard * size;
    const own = Math.min(size, count - first);
    const inShard = faults.filter(([index]) => index >= first && index < first + own);
    const ownSpec: SimHostsSpec = {
      ...spec,
      count: own,
      basePort: basePort && basePort + first,
      firstRank: firstRank + first,
      idPrefix,
      faults: Object.fromEntries(inShard.map(([index, fault]) => [index - first, fault])),
    };
    return { spec: ownSpec, child: forkCommands<SimHostsCommands>(new URL('./child.ts', import.meta.url)) };
  });
  const children = shards.map(({ child }) => child);
  const close = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.close()));
  };
  const childOf = (rank: number): CommandProcess<SimHostsCommands> => {
    const child = children[Math.floor((rank - firstRank) / size)];
    if (child === undefined) throw new SimHostsError('bad_spec', `there is no host of rank ${rank}`);
    return child;
  };
  try {
    const started = await Promise.all(shards.map(({ child, spec: own }) => child.call('start', own)));
    return {
      addresses: started.flat(),
      pids: children.map(({ pid }) => pid),
      truth: async () => (await Promise.all(children.map((child) => child.call('truth')))).flat(),
      peakRssMb: async () =>
        Math.max(...(await Promise.all(children.map((child) => child.call('peakRssMb'))))),
      connections: async () => {
        const counts = await Promise.all(children.map((child) => child.call('connections')));
        return counts.reduce((sum, count) => sum + count, 0);
      },
      setFault: (rank, fault) => childOf(rank).call('setFault', rank, fault),
      restart: (rank, lost) => childOf(rank).call('restart', rank, lost),
      killProc: (rank, procId, signal) => childOf(rank).call('killProc', rank, procId, signal),
      flapProcs: async (everyMs, forMs) => {
        await Promise.all(children.map((child) => child.call('flapProcs', everyMs, forMs)));
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw revivedError(error);
  }
}
