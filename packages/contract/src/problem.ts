import { z } from 'zod';
import { AttemptCounts, HostFailure } from './attempt/attempt.ts';
import { Ends, HostsInUse } from './ends.ts';
import { PartHealth } from './session.ts';
import { ProcFailure } from './proc/proc-mesh.ts';

/** Every code that the API, or the dashboard before it, answers with, its status and its title. A new code does not exist until it is here. */
export const problemTable = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_hosts: { status: 400, title: 'The host list is not valid' },
  unauthenticated: { status: 401, title: 'A valid token is needed' },
  origin_refused: { status: 403, title: 'This origin may not do that' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This method is not served here' },
  request_timed_out: { status: 408, title: 'The request did not arrive in time' },
  attempt_not_running: { status: 409, title: 'The attempt has already ended' },
  attempt_running: { status: 409, title: 'The attempt is still running' },
  nothing_to_retry: { status: 409, title: 'There is nothing to retry' },
  cannot_leave_out: { status: 409, title: 'The mesh cannot be attached without these hosts' },
  mesh_exists: { status: 409, title: 'A mesh of this name is attached with other hosts' },
  hosts_in_use: { status: 409, title: 'Other meshes use some of the hosts' },
  host_id_conflict: { status: 409, title: 'Two addresses claim to be this host' },
  host_in_service: { status: 409, title: 'The host is in service' },
  mesh_busy: { status: 409, title: 'Another attempt is working on this mesh' },
  mesh_ended: { status: 409, title: 'The mesh has ended' },
  proc_mesh_ended: { status: 409, title: 'The proc mesh has ended' },
  idempotency_conflict: { status: 409, title: 'This idempotency key belongs to another request' },
  payload_too_large: { status: 413, title: 'The request body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  expectation_failed: { status: 417, title: 'This expectation cannot be met' },
  host_refused: { status: 421, title: 'This host name is not served here' },
  config_push_failed: { status: 424, title: 'Some hosts did not install the config' },
  end_incomplete: { status: 424, title: 'Some hosts did not end' },
  spawn_failed: { status: 424, title: 'Some procs did not become ready' },
  stop_incomplete: { status: 424, title: 'Some procs are not known to have ended' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are too large' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  /** Of the dashboard, which stands before the API. */
  api_unreachable: { status: 502, title: 'The API does not answer' },
  host_unreachable: { status: 502, title: 'The host does not answer' },
  busy: { status: 503, title: 'The API is busy' },
  database_unavailable: { status: 503, title: 'The database does not answer' },
  schema_behind: { status: 503, title: 'The database lacks migrations' },
  shutting_down: { status: 503, title: 'The API is shutting down' },
  disk_full: { status: 507, title: 'The disk is full' },
  host_timed_out: { status: 504, title: 'The host did not answer in time' },
} as const satisfies Record<string, { status: number; title: string }>;

/** A code of the table; what else is sent is none. */
export type ProblemCode = keyof typeof problemTable;
const codes = Object.keys(problemTable);
/** The keys of the table above are exactly its codes. */
const isProblemCode = (text: string): text is ProblemCode => codes.includes(text);
export const ProblemCode = z.custom<ProblemCode>(
  (value) => typeof value === 'string' && isProblemCode(value),
);

/** RFC 9457 problem document, with a stable `code` to branch on. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** One of `problemTable`; newer servers may send others. */
  code: z.string(),
  detail: z.string(),
  requestId: z.string(),
  /** Where the input is wrong, 20 at most: `field` is a path as in `hosts[3]` or `config.PROC_SPAWN_MAX_IDLE`. */
  errors: z.array(z.object({ field: z.string(), message: z.string(), line: z.int().optional() })).optional(),
  /** How many more errors there are than are listed. */
  moreErrors: z.int().optional(),
  attemptId: z.string().optional(),
  /** Of that attempt, as far as they are known: `restoring` and `residue` tell what may be left on hosts. */
  counts: AttemptCounts.optional(),
  failures: z.array(HostFailure).optional(),
  failuresTruncated: z.boolean().optional(),
  procMeshId: z.string().optional(),
  /** What would end with the mesh that is in the way. */
  ends: Ends.optional(),
  /** The other meshes that use the hosts. */
  inUse: HostsInUse.optional(),
  /** The ranks that made a spawn fail, or the procs that a stop did not end. */
  procFailures: z.array(ProcFailure).optional(),
  /** Of `GET /ready`: what is well and what is not, and since when. */
  parts: z.array(PartHealth).optional(),
});
export type Problem = z.infer<typeof Problem>;
