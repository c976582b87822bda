import { z } from 'zod';
import { Attempt, AttemptList, HostResultList } from './attempt/attempt.ts';
import {
  AttachRequest,
  AttemptListQuery,
  HostResultQuery,
  PushConfigRequest,
  RetryRequest,
} from './attempt/attempt-requests.ts';
import { ConfigKeysReply, ConfigSnapshotReply, HostConfigReply } from './config.ts';
import { ApiEvent, EventsQuery } from './event.ts';
import {
  EndMeshReply,
  EndMeshRequest,
  ForgetHostReply,
  ForgetHostRequest,
  Mesh,
  MeshEndPreview,
  MeshHostList,
  MeshHostQuery,
  MeshListQuery,
  MeshList,
} from './mesh.ts';
import { PreflightReply } from './preflight.ts';
import type { ProblemCode } from './problem.ts';
import {
  AuditList,
  AuditQuery,
  HealthReply,
  LoginRequest,
  ReadyReply,
  SessionReply,
  SignInCodeReply,
} from './session.ts';
import { LogEvent, ProcDetail, ProcTransitionList, ProcLogs, ProcList } from './proc/proc.ts';
import {
  OrphansReply,
  ProcMeshView,
  ProcMeshList,
  StopOrphansReply,
  StopOrphansRequest,
  StopProcMeshReply,
  StopProcMeshRequest,
} from './proc/proc-mesh.ts';
import { AllProcsQuery, ProcListQuery, ProcLogsQuery, ProcMeshListQuery } from './proc/proc-queries.ts';
import { SpawnRequest } from './proc/spawn-request.ts';
import { ChangeList, ChangeQuery } from './change.ts';
import { PageQuery, wholeIn } from './fields.ts';
import { StateChangeList } from './state-change.ts';
import type { Method, Route } from './route.ts';

const Id = z.strictObject({
  id: z.string().regex(/^[\w-]{1,100}$/, 'an id has letters, digits, `_` and `-`, at most 100'),
});
const IdAndRank = Id.extend({ rank: wholeIn(0, 1_000_000) });
type Schema = z.ZodType | undefined;

interface Given<P extends Schema, Q extends Schema, B extends Schema, R extends Schema> {
  summary: string;
  params?: P;
  query?: Q;
  body?: B;
  reply?: R;
  events?: z.ZodType;
  success?: readonly number[];
  problems?: readonly ProblemCode[];
  authenticated?: boolean;
}

/** Reads `METHOD /path` and fills in what most routes share. */
function route<
  M extends Method,
  P extends Schema = undefined,
  Q extends Schema = undefined,
  B extends Schema = undefined,
  R extends Schema = undefined,
>(
  tag: string,
  method: M,
  path: string,
  given: Given<P, Q, B, R>,
): Route<P, Q, B, R> & { readonly method: M } {
  return {
    method,
    path,
    tag,
    summary: given.summary,
    // An omitted member has the type parameter's default, `undefined`: the compiler cannot tie the two.
    params: given.params as P,
    query: given.query as Q,
    body: given.body as B,
    reply: given.reply as R,
    ...(given.events && { events: given.events }),
    success: given.success ?? [200],
    problems: given.problems ?? [],
    authenticated: given.authenticated ?? true,
  };
}

const attempting = [
  'invalid_request',
  'invalid_hosts',
  'idempotency_conflict',
  'mesh_busy',
  'hosts_in_use',
  'config_push_failed',
  'shutting_down',
] as const;

/** The public API, one entry per route (design section 8). */
export const routes = {
  startAttach: route('Attach', 'POST', '/attach-attempts', {
    summary: 'Attach to hosts and push the config to every one',
    body: AttachRequest,
    reply: Attempt,
    // 200 when a mesh of the name has these very hosts, and was pushed to in place.
    success: [201, 200, 202],
    problems: [...attempting, 'mesh_exists'],
  }),
  listAttempts: route('Attach', 'GET', '/attach-attempts', {
    summary: 'Attempts, newest first',
    query: AttemptListQuery,
    reply: AttemptList,
  }),
  getAttempt: route('Attach', 'GET', '/attach-attempts/{id}', {
    summary: 'One attempt with its counts and failures',
    params: Id,
    reply: Attempt,
    problems: ['not_found'],
  }),
  listAttemptHosts: route('Attach', 'GET', '/attach-attempts/{id}/hosts', {
    summary: 'Result per host; `Accept: text/csv` for a file',
    params: Id,
    query: HostResultQuery,
    reply: HostResultList,
    problems: ['not_found'],
  }),
  retryAttempt: route('Attach', 'POST', '/attach-attempts/{id}/retry', {
    summary: 'Try again, as a new attempt that names this one',
    params: Id,
    body: RetryRequest,
    reply: Attempt,
    success: [201, 202],
    problems: [
      ...attempting,
      'not_found',
      'mesh_exists',
      'mesh_ended',
      'attempt_running',
      'nothing_to_retry',
      'cannot_leave_out',
    ],
  }),
  cancelAttempt: route('Attach', 'POST', '/attach-attempts/{id}/cancel', {
    summary: 'Stop a running attempt',
    params: Id,
    reply: Attempt,
    problems: ['not_found', 'attempt_not_running'],
  }),
  preflight: route('Attach', 'POST', '/preflight', {
    summary: 'Resolve, dial and compare config, without sending any',
    body: AttachRequest,
    reply: PreflightReply,
    problems: ['invalid_hosts'],
  }),
  listMeshes: route('Meshes', 'GET', '/meshes', {
    summary: 'Meshes, newest first',
    query: MeshListQuery,
    reply: MeshList,
  }),
  getMesh: route('Meshes', 'GET', '/meshes/{id}', {
    summary: 'One mesh with the health of its hosts',
    params: Id,
    reply: Mesh,
    problems: ['not_found'],
  }),
  listMeshHosts: route('Meshes', 'GET', '/meshes/{id}/hosts', {
    summary: 'Each host as last heard; `Accept: text/csv` for a file',
    params: Id,
    query: MeshHostQuery,
    reply: MeshHostList,
    problems: ['not_found'],
  }),
  meshHistory: route('Meshes', 'GET', '/meshes/{id}/history', {
    summary: 'Every change of its state, newest first',
    params: Id,
    query: PageQuery,
    reply: StateChangeList,
    problems: ['not_found'],
  }),
  hostHistory: route('Meshes', 'GET', '/meshes/{id}/hosts/{rank}/history', {
    summary: "Every change of a host's health, newest first",
    params: IdAndRank,
    query: PageQuery,
    reply: StateChangeList,
    problems: ['not_found'],
  }),
  attemptHistory: route('Attach', 'GET', '/attach-attempts/{id}/history', {
    summary: 'Every change of its state, newest first',
    params: Id,
    query: PageQuery,
    reply: StateChangeList,
    problems: ['not_found'],
  }),
  forgetHost: route('Meshes', 'POST', '/meshes/{id}/hosts/{rank}/forget', {
    summary: 'Give up a host that is gone: its procs count as lost, and whoever answers there takes its rank',
    params: IdAndRank,
    body: ForgetHostRequest,
    reply: ForgetHostReply,
    problems: ['not_found', 'mesh_ended', 'mesh_busy', 'host_in_service'],
  }),
  pushConfig: route('Meshes', 'POST', '/meshes/{id}/push-config', {
    summary: 'Push the config again to every host of the mesh',
    params: Id,
    body: PushConfigRequest,
    reply: Attempt,
    success: [201, 202],
    problems: [...attempting, 'not_found', 'mesh_ended'],
  }),
  previewMeshEnd: route('Meshes', 'GET', '/meshes/{id}/ends', {
    summary: 'What a stop or shutdown of the mesh would end',
    params: Id,
    reply: MeshEndPreview,
    problems: ['not_found', 'mesh_ended'],
  }),
  stopMesh: route('Meshes', 'POST', '/meshes/{id}/stop', {
    summary: 'Give the hosts back; they keep running',
    params: Id,
    body: EndMeshRequest,
    reply: EndMeshReply,
    problems: ['not_found', 'mesh_ended', 'mesh_busy'],
  }),
  shutdownMesh: route('Meshes', 'POST', '/meshes/{id}/shutdown', {
    summary: 'Tell every host agent to leave service',
    params: Id,
    body: EndMeshRequest,
    reply: EndMeshReply,
    problems: ['not_found', 'mesh_ended', 'mesh_busy', 'hosts_in_use', 'end_incomplete'],
  }),
  spawnProcMesh: route('Procs', 'POST', '/meshes/{id}/proc-meshes', {
    summary: 'Spawn procs across the hosts of a mesh',
    params: Id,
    body: SpawnRequest,
    reply: ProcMeshView,
    success: [201, 202],
    problems: [
      'not_found',
      'idempotency_conflict',
      'mesh_busy',
      'mesh_ended',
      'spawn_failed',
      'shutting_down',
    ],
  }),
  listProcMeshes: route('Procs', 'GET', '/proc-meshes', {
    summary: 'Proc meshes, newest first',
    query: ProcMeshListQuery,
    reply: ProcMeshList,
  }),
  getProcMesh: route('Procs', 'GET', '/proc-meshes/{id}', {
    summary: 'One proc mesh with its counts and failures',
    params: Id,
    reply: ProcMeshView,
    problems: ['not_found'],
  }),
  listMeshProcs: route('Procs', 'GET', '/proc-meshes/{id}/procs', {
    summary: 'Its procs in rank order; `Accept: text/csv` for a file',
    params: Id,
    query: ProcListQuery,
    reply: ProcList,
    problems: ['not_found'],
  }),
  stopProcMesh: route('Procs', 'POST', '/proc-meshes/{id}/stop', {
    summary: 'Stop procs, all or selected ones; outcome per proc',
    params: Id,
    body: StopProcMeshRequest,
    reply: StopProcMeshReply,
    problems: ['not_found', 'proc_mesh_ended', 'mesh_ended', 'mesh_busy', 'stop_incomplete'],
  }),
  seenProcMesh: route('Procs', 'POST', '/proc-meshes/{id}/seen', {
    summary: 'Take note that the caller has seen what of it needs attention',
    params: Id,
    reply: ProcMeshView,
    problems: ['not_found'],
  }),
  listProcs: route('Procs', 'GET', '/procs', {
    summary: 'Procs of all proc meshes, newest mesh first',
    query: AllProcsQuery,
    reply: ProcList,
  }),
  getProc: route('Procs', 'GET', '/procs/{id}', {
    summary: 'One proc as last heard, with its command and usage',
    params: Id,
    reply: ProcDetail,
    problems: ['not_found'],
  }),
  procHistory: route('Procs', 'GET', '/procs/{id}/history', {
    summary: 'Every transition of a proc, newest first',
    params: Id,
    query: PageQuery,
    reply: ProcTransitionList,
    problems: ['not_found'],
  }),
  procLogs: route('Procs', 'GET', '/procs/{id}/logs', {
    summary: 'Captured output; `Accept: text/event-stream` follows it, `text/plain` is a file',
    params: Id,
    query: ProcLogsQuery,
    reply: ProcLogs,
    events: LogEvent,
    problems: ['not_found'],
  }),
  listOrphans: route('Procs', 'GET', '/orphans', {
    summary: 'Procs on our hosts that no live proc mesh of ours accounts for; asks every host',
    reply: OrphansReply,
  }),
  stopOrphans: route('Procs', 'POST', '/orphans/stop', {
    summary: 'Stop some of them',
    body: StopOrphansRequest,
    reply: StopOrphansReply,
  }),
  hostConfig: route('Hosts', 'GET', '/hosts/{id}/config', {
    summary: 'Config dump of a host, all layers per key',
    params: Id,
    reply: HostConfigReply,
    problems: ['not_found', 'host_id_conflict', 'host_unreachable', 'host_timed_out'],
  }),
  configKeys: route('Config', 'GET', '/config/keys', { summary: 'Declared keys', reply: ConfigKeysReply }),
  configSnapshot: route('Config', 'GET', '/config/snapshot', {
    summary: 'The snapshot that an attach would send now',
    reply: ConfigSnapshotReply,
  }),
  events: route('Events', 'GET', '/events', {
    summary: 'Every change as Server-Sent Events; resume with Last-Event-ID',
    query: EventsQuery,
    events: ApiEvent,
  }),
  listChanges: route('Changes', 'GET', '/changes', {
    summary: 'Every change of hosts, meshes, attempts, proc meshes and of the console itself, newest first',
    query: ChangeQuery,
    reply: ChangeList,
  }),
  audit: route('Audit', 'GET', '/audit', {
    summary: 'Who did what, newest first',
    query: AuditQuery,
    reply: AuditList,
  }),
  session: route('Session', 'GET', '/session', { summary: 'Who the caller is', reply: SessionReply }),
  login: route('Session', 'POST', '/session', {
    summary: 'Exchange a token or a sign-in code for the session cookie of the dashboard',
    body: LoginRequest,
    reply: SessionReply,
    problems: ['rate_limited', 'unauthenticated'],
    authenticated: false,
  }),
  logout: route('Session', 'DELETE', '/session', { summary: 'End the session', success: [204] }),
  makeSignInCode: route('Session', 'POST', '/sign-in-codes', {
    summary: 'Make a code that signs one browser in, once, within 10 minutes',
    reply: SignInCodeReply,
    success: [201],
  }),
  health: route('Service', 'GET', '/health', {
    summary: 'Liveness',
    reply: HealthReply,
    authenticated: false,
  }),
  ready: route('Service', 'GET', '/ready', {
    summary:
      'A write has succeeded lately, the disk has room, migrations are applied; tells each part and since when',
    reply: ReadyReply,
    authenticated: false,
    problems: ['database_unavailable', 'schema_behind', 'disk_full'],
  }),
} as const;

/** A name in the table of routes. */
export type RouteName = keyof typeof routes;
