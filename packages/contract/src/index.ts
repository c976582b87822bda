export {
  Attempt,
  AttemptCounts,
  AttemptKind,
  AttemptState,
  attemptStates,
  AttemptSummary,
  FailureGroup,
  HostFailure,
  HostResult,
  HostState,
  hostStates,
  MAX_INLINE_FAILURES,
  Restore,
} from './attempt/attempt.ts';
export { ConfigPushFailure, configPushFailureKinds, type ConfigPushFailureKind } from './attempt/failure.ts';
export { AttachRequest, PushConfigRequest, RetryRequest } from './attempt/requests.ts';
export { HostConfigEntry, ConfigKeyInfo, ConfigSnapshotReply, HostConfigReply } from './config/config.ts';
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
  ProcLogs,
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
  ProcMeshState,
  procMeshStates,
  StopOrphansReply,
  StopOrphansRequest,
  StopOutcome,
  StopProcMeshReply,
} from './proc/proc-mesh.ts';
export {
  CommandRequest,
  ProcBindRequest,
  ProcLogsQuery,
  ReadinessRequest,
  RestartRequest,
  SpawnRequest,
  StopProcMeshRequest,
} from './proc/requests.ts';
export { Problem, ProblemCode, problemTable } from './problem/problem.ts';
export { MAX_PAGE_LIMIT, type Page } from './fields/fields.ts';
export { API_BASE, type Method, type Route } from './route/route.ts';
export { routes, type RouteName } from './routes.ts';
export { namedSchemas } from './schemas.ts';
export { AuditEntry, SessionReply } from './session/session.ts';
