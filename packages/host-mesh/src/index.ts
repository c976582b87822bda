export type { AttachFault, AttachOptions } from './attach/attach-options.ts';
export { systemClock, type Clock } from './clock/clock.ts';
export { createEpochSource, type EpochSource } from './clock/epoch-source.ts';
export type { EndOutcome } from './lifecycle/end-outcome.ts';
export { hostHealths, type HostHealth, type HostObservation } from './monitor/host-observation.ts';
export type { ConfigChange, PreflightHost, PreflightWarning } from './preflight/preflight-report.ts';
export { type ConfigPushError, type ConfigPushErrorEntry } from './push/config-push-error.ts';
export {
  printConfigPushFailure,
  type ConfigPushFailure,
  type ConfigPushFailureKind,
  type PushPhase,
} from './push/config-push-failure.ts';
export type { HostPushKind } from './push/host-push.ts';
export type { PushFault, PushOptions } from './push/push-options.ts';
export type { HostChange, HostReport, PushReport, Restore } from './push/push-report.ts';
export type { CardinalityFault } from './ref/cardinality.ts';
