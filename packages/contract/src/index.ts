export {
  Attempt,
  AttemptCounts,
  AttemptKind,
  AttemptList,
  AttemptState,
  attemptStates,
  AttemptSummary,
  FailureGroup,
  HostFailure,
  HostResult,
  HostResultList,
  HostState,
  hostStates,
  MAX_INLINE_FAILURES,
  Restore,
  ShadowedKey,
} from './attempt/attempt.ts';
export {
  ConfigPushFailure,
  configPushFailureKinds,
  PushPhase,
  type ConfigPushFailureKind,
} from './attempt/failure.ts';
export {
  AttachRequest,
  AttemptListQuery,
  ConfigOverrides,
  HostResultQuery,
  PushConfigRequest,
  RetryRequest,
} from './attempt/requests.ts';
export {
  HostConfigEntry,
  ConfigKeyInfo,
  ConfigKeysReply,
  ConfigSourceName,
  ConfigSnapshotReply,
  HostConfigReply,
  SnapshotValue,
} from './config/config.ts';
export { ApiEvent, EventsQuery } from './event/event.ts';
export {
  EndMeshReply,
  EndMeshRequest,
  EndOutcome,
  HealthCounts,
  HostHealth,
  hostHealths,
  Mesh,
  MeshHost,
  MeshHostList,
  MeshHostQuery,
  MeshListQuery,
  MeshList,
  MeshState,
  meshStates,
} from './mesh/mesh.ts';
export { ConfigChange, PreflightHost, PreflightReply } from './preflight/preflight.ts';
export { BIND_FORM, parseBind, printBind } from './proc/bind-text.ts';
export { DEFAULT_LOG_TAIL, MAX_PROCS, spawnDefaults } from './proc/limits.ts';
export {
  LogEntry,
  LogEvent,
  LogGap,
  Proc,
  ProcCommandView,
  ProcDetail,
  ProcTransitionList,
  ProcLogs,
  ProcList,
  ProcStatusName,
  ProcTransition,
  ProcUsage,
} from './proc/proc.ts';
export {
  isGone,
  Orphan,
  OrphansReply,
  ProcCounts,
  ProcFailure,
  ProcFailureGroup,
  ProcMeshView,
  ProcMeshList,
  ProcMeshState,
  procMeshStates,
  StopOrphansReply,
  StopOrphansRequest,
  StopOutcome,
  StopProcMeshReply,
} from './proc/proc-mesh.ts';
export {
  AllProcsQuery,
  CommandRequest,
  ProcBindRequest,
  ProcListQuery,
  ProcLogsQuery,
  ProcMeshListQuery,
  ReadinessRequest,
  RestartRequest,
  SpawnRequest,
  StopProcMeshRequest,
} from './proc/requests.ts';
export { Problem, ProblemCode, problemTable } from './problem/problem.ts';
export {
  DEFAULT_PAGE_LIMIT,
  DurationText,
  MAX_PAGE_LIMIT,
  pageOf,
  PageQuery,
  Timestamp,
  type Page,
} from './fields/fields.ts';
export { API_BASE, type Method, type Route } from './route/route.ts';
export { routes, type RouteName } from './routes.ts';
export { namedSchemas } from './schemas.ts';
export {
  AuditEntry,
  AuditList,
  AuditQuery,
  HealthReply,
  LoginRequest,
  ReadyReply,
  SessionReply,
} from './session/session.ts';
