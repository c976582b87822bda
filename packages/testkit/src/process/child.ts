import type { SimFault } from '../fault/sim-fault.ts';
import { truthOf, type SimHostTruth } from '../host/sim-host-truth.ts';
import { SimHostsError } from '../host/sim-hosts-error.ts';
import { startSimHosts, type SimHosts, type SimHostsSpec } from '../host/start-sim-hosts.ts';
import type { SimLoss } from '../push/sim-host-state.ts';
import { serveCommands } from './command-process.ts';

let started: SimHosts | undefined;
const running = (): SimHosts => {
  if (started === undefined) throw new SimHostsError('bad_spec', 'the hosts have not been started');
  return started;
};

const commands = {
  start: async (spec: SimHostsSpec): Promise<SimHosts['addresses']> => {
    started = await startSimHosts(spec);
    return started.addresses;
  },
  truth: (): SimHostTruth[] => running().hosts.map(truthOf),
  connections: (): number => running().hosts.reduce((sum, host) => sum + host.connections, 0),
  setFault: (rank: number, fault: SimFault): Promise<void> => running().setFault(rank, fault),
  restart: (rank: number, lost?: SimLoss): Promise<void> => running().restart(rank, lost),
  killProc: (rank: number, procId: string, signal: string): void => running().killProc(rank, procId, signal),
  flapProcs: (everyMs: number, forMs: number): void => running().flapProcs(everyMs, forMs),
  peakRssMb: (): number => process.resourceUsage().maxRSS / 1024,
};
export type SimHostsCommands = typeof commands;

serveCommands(commands);
