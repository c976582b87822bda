export { arbitraryFault } from './fault/arbitrary-fault.ts';
export type { FaultRule, SimFaults } from './fault/assign-faults.ts';
export { type ExpectedOutcome, expectedOutcome, type ExpectedPush } from './fault/expected-outcome.ts';
export { type SimFault, type SimFaultKind, simFaultKinds } from './fault/sim-fault.ts';
export { SimHostsError, type SimHostsErrorCode } from './host/sim-hosts-error.ts';
export { hostsPerProcess } from './host/limits.ts';
export { type SimHosts, type SimHostsSpec, startSimHosts } from './host/start-sim-hosts.ts';
export type { SimHostTruth } from './host/sim-host-truth.ts';
export {
  type CommandProcess,
  type Commands,
  forkCommands,
  serveCommands,
} from './process/command-process.ts';
export { type SimHostsProcess, startSimHostsProcess } from './process/start-sim-hosts-process.ts';
