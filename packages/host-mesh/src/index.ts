// Attaching.
export type { KnownEnd, KnownEnds } from './proc/known-end.ts';
export {
  HostMesh,
  type AttachFault,
  type AttachOptions,
  type PushAgainOptions,
  type TakeOptions,
} from './mesh/host-mesh.ts';
export type { EndOptions, HostEndOutcome } from './mesh/end-hosts.ts';
export { HostMeshShutdownGuard, type GuardOptions } from './mesh/shutdown-guard.ts';
export { hostIdConflict } from './push/config-push-failure.ts';
export { type ConfigPushError, type ConfigPushErrorEntry } from './push/config-push-error.ts';
export {
  isOwnLimit,
  printConfigPushFailure,
  type ConfigPushFailure,
  type ConfigPushFailureKind,
} from './push/config-push-failure.ts';
export type { PushPhase } from './links/phase.ts';
export type { HostPushKind } from './push/host-push-state.ts';
export type { PushFault, PushOptions } from './push/push-options.ts';
export type { HostChange, HostReport, PushReport } from './push/push-report.ts';
export {
  restoreConfig,
  type HostRestore,
  type RestoreConfigOptions,
  type RestoreOutcome,
} from './restore/restore-config.ts';

// Describing meshes.
export {
  HostMeshRef,
  type CardinalityFault,
  type HostMeshRefJson,
  type HostMeshRefParseError,
} from './ref/host-mesh-ref.ts';
export { hostAt, parseHostRef, printHostRef, type HostRef } from './ref/host-ref.ts';

// Procs.
export { planSpawn } from './spawn/plan-spawn.ts';
export type {
  BootstrapCommand,
  PerRankBootstrapFn,
  PlannedProc,
  SpawnPlan,
  SpawnPlanFault,
  SpawnTerms,
} from './spawn/spawn-plan.ts';
export type { RankFailure, SpawnFault, SpawnOptions } from './spawn/spawn-outcome.ts';
export type { SpawnRefusal } from './spawn/spawn-procs.ts';
export {
  printMeshFailure,
  type LogsAnswer,
  type ProcMesh,
  type ReadLogsOptions,
} from './proc-mesh/proc-mesh.ts';
export { PROC_MESH_CONTROLLER_NAME, ProcMeshRef } from './proc-mesh/proc-mesh-ref.ts';
export type { KnownProc, KnownProcMesh } from './proc/known-proc.ts';
export type { ProcTally } from './proc/proc-board.ts';
export type { ProcChange, ProcListeners, ProcObservation } from './proc/proc-observation.ts';
export { isSurelyGone, type ProcStopOutcome, type StopProcsOptions } from './stop/stop-outcome.ts';
export type { HostCallFault } from './call/call-fault.ts';

// Looking at hosts.
export type { ConfigDiff, ConfigDifference } from './preflight/config-diff.ts';
export { preflight, type PreflightOptions } from './preflight/preflight-hosts.ts';
export type { PreflightHostReport, PreflightReport, PreflightWarning } from './preflight/preflight-report.ts';
export { type HostMonitor, type MonitorOptions } from './monitor/host-monitor.ts';
export type { HostObservation, ObservedHealth } from './monitor/host-observation.ts';

// Time.
export { systemClock, type Clock } from './clock/clock.ts';
export { createEpochSource, type EpochSource } from './clock/epoch-source.ts';

// Keys of the reference that belong to meshes.
export { GET_PROC_STATE_MAX_IDLE, PROC_SPAWN_MAX_IDLE, PROC_STOP_MAX_IDLE } from '@hostmesh/core';
