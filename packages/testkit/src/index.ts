export { arbitraryFault } from './fault/arbitrary.ts';
export type { FaultRule, SimFaults } from './fault/assignment.ts';
export { type ExpectedOutcome, expectedOutcome, type ExpectedPush } from './fault/expected-outcome.ts';
export { type SimFault, type SimFaultKind, simFaultKinds } from './fault/fault.ts';
export { SimHostsError, type SimHostsErrorCode } from './hosts/error.ts';
export { type SimHosts, type SimHostsSpec, startSimHosts } from './hosts/start.ts';
export type { SimHostTruth } from './hosts/truth.ts';
export { type CommandProcess, type Commands, forkCommands, serveCommands } from './process/commands.ts';
export { type SimHostsProcess, startSimHostsProcess } from './process/start.ts';
