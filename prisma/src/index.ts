export type { Changes } from './change/changes.ts';
export type { ChangeFilter, StateChangeRecord } from './change/list-changes.ts';
export type { EngineChange, OrphanChange } from './change/note-changes.ts';
export { CONSOLE, resumed, type ChangedBy } from './database/changed-by.ts';
export type { Audit, AuditFilter, AuditRecord, NewAuditRecord } from './access/audit.ts';
export type { NewSession, SessionRecord, Sessions } from './access/sessions.ts';
export type { NewSignInCode, SignInCodes } from './access/sign-in-codes.ts';
export type { ApiTokenRecord, NewApiToken, Tokens } from './access/tokens.ts';
export type {
  AttemptCountsRecord,
  AttemptHostRecord,
  AttemptRecord,
  FailureGroupRecord,
  FailureRecord,
  LeftOutRecord,
  RestoreRecord,
} from './attempt/attempt-record.ts';
export type { AttemptTarget, Attempts } from './attempt/attempts.ts';
export type {
  CreateAttemptFault,
  IdempotencyFault,
  MeshBusyFault,
  MeshEndedFault,
  NewAttempt,
} from './attempt/create-attempt.ts';
export type {
  Attached,
  FinishAttachedFault,
  FinishInUseFault,
  NotInstalledFault,
  Success,
} from './attempt/finish-attached.ts';
export type { Ending } from './attempt/finish-attempt.ts';
export type { HostResultRow, LeaseFault } from './attempt/host-results.ts';
export type { AttemptFilter, AttemptHostFilter } from './attempt/list-attempts.ts';
export {
  isDatabaseBusy,
  isDatabaseFull,
  isSchemaBehind,
  isDatabaseUnavailable,
  type DatabaseFault,
} from './database/database-fault.ts';
export type { CursorFault, PageRequest, RowPage } from './database/page.ts';
export type { PoolOptions } from './database/pool.ts';
export type { ClaimOptions, ExtentRecord, OwnerLease } from './database/row-shapes.ts';
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
export { endpointOf } from './host-use/find-ends.ts';
export type { EndsRecord, HolderRecord, HostsInUseRecord, TakenOverRecord } from './host-use/ends-record.ts';
export type { AttemptPlace, HostsInUseFault, MeshExistsFault } from './host-use/find-place.ts';
export { askedBy } from './attempt/attempt-record.ts';
export type { EndMeshFault, MeshEndBy, MeshEndRecord } from './mesh/end-mesh.ts';
export type { MeshFilter, MeshHostFilter } from './mesh/list-meshes.ts';
export type {
  HealthCountsRecord,
  KeyWithoutEffectRecord,
  MeshHostRecord,
  MeshRecord,
} from './mesh/mesh-record.ts';
export type { Meshes } from './mesh/meshes.ts';
export type { StrayHost } from './host-use/find-abandoned.ts';
export type { MeshHostRow, MeshLeaseFault } from './mesh/watch-mesh.ts';
export { applyMigrations } from './migrate/apply-migrations.ts';
export { openDatabase, type Database } from './open.ts';
export type { PostgresFault } from './postgres/binaries.ts';
export { keepPostgres, type KeptPostgres } from './postgres/keep-postgres.ts';
export type { PostgresOptions } from './postgres/start-postgres.ts';
export type {
  CreateProcMeshFault,
  NewProc,
  NewProcMesh,
  SpawnIdempotencyFault,
  SpawnMeshEndedFault,
} from './proc/create-proc-mesh.ts';
export type { ProcLeaseFault } from './proc/change-proc-mesh.ts';
export type { ProcMeshFilter } from './proc/list-proc-meshes.ts';
export type { AllProcsFilter, ProcFilter, RankRange } from './proc/list-procs.ts';
export type { OutputFilter } from './proc/proc-logs.ts';
export type {
  BeginStopFault,
  NotSpawningFault,
  NotStoppingFault,
  SpawnEnding,
} from './proc/proc-mesh-states.ts';
export type { ProcMeshes } from './proc/proc-meshes.ts';
export type {
  LogEntryRecord,
  OpenLineRecord,
  ProcCountsRecord,
  ProcFailureGroupRecord,
  ProcFailureRecord,
  ProcLogsRecord,
  FormerEndRecord,
  ProcMeshRecord,
  ProcMeshStopRecord,
  ProcRecord,
  ProcTransitionRecord,
} from './proc/proc-record.ts';
export type { Procs } from './proc/procs.ts';
export type { ProcTransitionRow } from './proc/record-transitions.ts';
export { keptAtMost } from './retention/kept.ts';
export { groupFailures } from './proc/group-failures.ts';
