// Attaching.
export type { AttachFault, AttachOptions } from './mesh/attach-options.ts';
export { HostMesh, type PushAgainOptions, type TakeOptions } from './mesh/host-mesh.ts';
export type { EndOptions } from './mesh/end-options.ts';
export type { EndOutcome } from './mesh/end-outcome.ts';
export { HostMeshShutdownGuard, type GuardOptions } from './mesh/shutdown-guard.ts';
export { PROC_MESH_CONTROLLER_NAME } from './mesh/names.ts';
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
export { restoreConfig, type HostRestore, type RestoreConfigOptions } from './restore/restore-config.ts';

// Describing meshes.
export { HostMeshRef, type HostMeshRefJson } from './ref/host-mesh-ref.ts';
export type { CardinalityFault, HostMeshRefParseError } from './ref/host-mesh-ref-fault.ts';
export { hostAt, parseHostRef, printHostRef, type HostRef } from './ref/host-ref.ts';

// Procs.
export { planSpawn } from './spawn/plan-spawn.ts';
export type { PlannedProc, SpawnPlan, SpawnPlanFault } from './spawn/spawn-plan.ts';
export type { BootstrapCommand, PerRankBootstrapFn, SpawnTerms } from './spawn/spawn-terms.ts';
export type { SpawnOptions } from './spawn/spawn-options.ts';
export type { SpawnRefusal } from './spawn/check-spawn.ts';
export type { RankFailure, SpawnFault } from './spawn/spawn-fault.ts';
export type { LogsAnswer, ProcMesh, ReadLogsOptions } from './proc/proc-mesh.ts';
export type { ProcCounts } from './proc/proc-board.ts';
export { printMeshFailure } from './proc/mesh-failure.ts';
export { ProcMeshRef } from './proc/proc-mesh-ref.ts';
export type { KnownProc, ProcMeshRecord } from './proc/known-proc.ts';
export type { ProcListeners, ProcObservation, ProcTransition } from './proc/proc-observation.ts';
export { isGone, type ProcStopOutcome, type StopProcsOptions } from './stop/proc-stop-outcome.ts';
export type { HostAskFault } from './ask/ask-fault.ts';

// Looking at hosts.
export type { ConfigChange, ConfigDiff } from './preflight/config-diff.ts';
export { preflight, type PreflightOptions } from './preflight/preflight.ts';
export type { PreflightHost, PreflightReport, PreflightWarning } from './preflight/preflight-report.ts';
export { type HostMonitor, type MonitorOptions } from './monitor/host-monitor.ts';
export type { HostHealth, HostObservation } from './monitor/host-observation.ts';

// Time.
export { systemClock, type Clock } from './clock/clock.ts';
export { createEpochSource, type EpochSource } from './clock/epoch-source.ts';

// Keys of the reference that belong to meshes.
export { GET_PROC_STATE_MAX_IDLE, PROC_SPAWN_MAX_IDLE, PROC_STOP_MAX_IDLE } from '@hostmesh/core';
