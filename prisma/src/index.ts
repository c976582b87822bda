export type { Attached, FinishAttachedFault, NotInstalledFault, Success } from './attempt/attached.ts';
export type { Attempts, AttemptTarget } from './attempt/attempts.ts';
export type {
  CreateAttemptFault,
  IdempotencyFault,
  MeshBusyFault,
  MeshEndedFault,
  NewAttempt,
} from './attempt/create.ts';
export type { Ending } from './attempt/finish.ts';
export type { ClaimOptions, Lease } from './attempt/lease.ts';
export type { AttemptHostFilter, AttemptQuery } from './attempt/list.ts';
export type {
  AttemptCounts,
  AttemptHostRecord,
  AttemptRecord,
  ExtentRecord,
  FailureGroupRecord,
  FailureRecord,
  RestoreRecord,
} from './attempt/record.ts';
export type { HostResultRow, LeaseFault } from './attempt/results.ts';
export type { Audit, AuditQuery, AuditRecord } from './audit/audit.ts';
export type { DatabaseFault } from './database/fault.ts';
export { openDatabase, type Database } from './database/open.ts';
export type { CursorFault, Page, PageRequest } from './database/page.ts';
export type { PoolOptions } from './database/pool.ts';
export { isDatabaseUnavailable } from './database/unavailable.ts';
export {
  AttemptKind,
  AttemptState,
  HostHealth,
  HostState,
  LogStream,
  MeshState,
  ProcMeshState,
  ProcStatus,
  RestoreKind,
  TransitionSource,
} from './generated/enums.ts';
export type { EndMeshFault } from './mesh/end.ts';
export type { MeshHostFilter, MeshQuery } from './mesh/list.ts';
export type { HealthCounts, MeshHostRecord, MeshRecord } from './mesh/record.ts';
export type { Meshes } from './mesh/meshes.ts';
export type { MeshHostRow, MeshLeaseFault } from './mesh/watch.ts';
export type {
  CreateProcMeshFault,
  NewProc,
  NewProcMesh,
  SpawnIdempotencyFault,
  SpawnMeshEndedFault,
} from './proc/create.ts';
export type { ProcLeaseFault } from './proc/lease.ts';
export type { AllProcsQuery, ProcFilter, ProcMeshQuery, RankRange } from './proc/list.ts';
export type { LogQuery } from './proc/logs.ts';
export type { ProcMeshes } from './proc/proc-meshes.ts';
export type { Procs } from './proc/procs.ts';
export type {
  LogEntryRecord,
  ProcCountsRecord,
  ProcFailureGroupRecord,
  ProcFailureRecord,
  ProcLogsRecord,
  ProcMeshRecord,
  ProcRecord,
  ProcTransitionRecord,
} from './proc/record.ts';
export type { NotSpawningFault, SpawnEnding } from './proc/spawn.ts';
export type { BeginStopFault, NotStoppingFault } from './proc/stop.ts';
export type { ProcTransitionRow } from './proc/transition.ts';
export type { NewSession, SessionRecord, Sessions } from './token/sessions.ts';
export type { ApiTokenRecord, NewApiToken, Tokens } from './token/tokens.ts';
export { applyMigrations } from './migrate/apply-migrations.ts';
export type { PostgresFault } from './postgres/fault.ts';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres/start.ts';
