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
  LeftOut,
  MAX_INLINE_FAILURES,
  Restore,
} from './attempt/attempt.ts';
export {
  ConfigPushFailure,
  configPushFailureKinds,
  type ConfigPushFailureKind,
} from './attempt/config-push-failure.ts';
export { AttachRequest, PushConfigRequest, RetryRequest } from './attempt/attempt-requests.ts';
export { HostConfigEntry, ConfigKeyInfo, ConfigSnapshotReply, HostConfigReply } from './config.ts';
export {
  EndingProcMesh,
  Ends,
  endsText,
  HostsInUse,
  inUseText,
  meshEndSentences,
  TakenOver,
  takenOverText,
  UsedMesh,
} from './ends.ts';
export { ApiEvent, EventsQuery } from './event.ts';
export {
  EndMeshReply,
  EndMeshRequest,
  clockText,
  EndOutcome,
  ForgetHostReply,
  ForgetHostRequest,
  HealthCounts,
  HostHealth,
  hostHealths,
  IneffectiveKey,
  ineffectiveKeys,
  keysWithoutEffectText,
  Mesh,
  MeshEndPreview,
  MeshHost,
  MeshState,
  meshStates,
  withoutEffectText,
} from './mesh.ts';
export { ConfigChange, PreflightHost, PreflightReply, PreflightVerdict, worstFirst } from './preflight.ts';
export { BIND_FORM, parseBind, printBind } from './proc/bind-text.ts';
export { DEFAULT_LOG_TAIL, MAX_PROCS, spawnDefaults } from './proc/limits.ts';
export {
  LogEntry,
  LogEvent,
  LogGap,
  OpenLine,
  Proc,
  ProcCommandView,
  ProcDetail,
  ProcLogs,
  ProcFormerEnd,
  ProcStatusName,
  procText,
  ProcTransition,
  ProcUsage,
} from './proc/proc.ts';
export {
  isGone,
  isEndState,
  Orphan,
  OrphansReply,
  ProcCounts,
  ProcFailure,
  ProcFailureGroup,
  ProcEnds,
  ProcMeshStop,
  ProcMeshView,
  ProcMeshState,
  procMeshStates,
  StopOrphansReply,
  StopOrphansRequest,
  StopOutcome,
  StopProcMeshReply,
  StopProcMeshRequest,
} from './proc/proc-mesh.ts';
export {
  afterEndText,
  byText,
  needsAttention,
  openEnds,
  procMeshMarks,
  procMeshStanding,
  stopOutcomeWords,
  type ProcMeshStanding,
} from './proc/proc-mesh-words.ts';
export { ProcLogsQuery } from './proc/proc-queries.ts';
export {
  CommandRequest,
  ProcBindRequest,
  ReadinessRequest,
  RestartRequest,
  SpawnRequest,
} from './proc/spawn-request.ts';
export { Problem, ProblemCode, problemTable } from './problem.ts';
export { MAX_PAGE_LIMIT, type Page } from './fields.ts';
export { API_BASE, type Method, type Route } from './route.ts';
export { routeNotes, type RouteNote } from './route-notes.ts';
export {
  parameterNotes,
  requestHeaders,
  responseHeaders,
  tagNotes,
  type ResponseHeaderName,
} from './shared-notes.ts';
export { routeActs } from './route-acts.ts';
export { routes, type RouteName } from './routes.ts';
export { namedSchemas } from './schemas.ts';
export { AuditEntry, PartHealth, ReadyReply, SessionReply, SignInCodeReply } from './session.ts';
export {
  failureWord,
  failureWords,
  hostResultWord,
  lifecycleText,
  meshStandingWord,
  restoreWords,
  stateWord,
} from './words.ts';
export { Change, changeKinds, ChangeOf, changeOfText, ChangeQuery, changeStates } from './change.ts';
export { ChangeAct, changedByText, StateChange } from './state-change.ts';
