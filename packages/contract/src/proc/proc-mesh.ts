import { z } from 'zod';
import { durationIn, DurationText, idIn, line, pageOf, Timestamp } from '../fields.ts';
import { Proc, ProcCommandView } from './proc.ts';
import { ReadinessRequest, RestartRequest } from './spawn-request.ts';

/**
 * What goes on:
 * - `spawning`: written, and sent to hosts; not every rank has become ready
 * - `running`: every rank became ready; `counts` says how they are now, and `ends` how many have ended how
 * - `stopping`: its procs are being stopped
 *
 * Or how it ended:
 * - `succeeded`: every proc exited with 0 by itself
 * - `failed`: at least one proc failed, whoever stopped the others afterwards
 * - `stopped`: none failed, and at least one was stopped; `stop` says by whom
 * - `spawn_failed`: some rank did not become ready; what was started has been stopped, or `residue` says where not
 * - `lost`: none is known to have failed, and of at least one nobody knows how it ended
 */
export const procMeshStates = [
  'spawning',
  'running',
  'stopping',
  'succeeded',
  'failed',
  'stopped',
  'spawn_failed',
  'lost',
] as const;
/** How a proc mesh stands. */
export const ProcMeshState = z.enum(procMeshStates);
export type ProcMeshState = z.infer<typeof ProcMeshState>;

/** Whether it has ended, however that was. */
export const isEndState = (state: ProcMeshState): boolean =>
  state !== 'spawning' && state !== 'running' && state !== 'stopping';

/** How many procs have ended for good in which way; the others may run, or run again. */
export const ProcEnds = z.object({
  succeeded: z.int(),
  failed: z.int(),
  stopped: z.int(),
  lost: z.int(),
});
export type ProcEnds = z.infer<typeof ProcEnds>;

/**
 * Who stopped procs the last time, all or some of them.
 * - `requested`: a stop of them; `by` is who asked for it, as for the next three
 * - `mesh_stopped`, `mesh_shut_down`: of their host mesh
 * - `mesh_replaced`: a later attach took their hosts
 * - `orphaned`: nobody vouched for them any more
 * - `drained`, `shut_down`: their host, on account of somebody else
 */
export const ProcMeshStop = z.object({
  how: z.enum([
    'requested',
    'mesh_stopped',
    'mesh_shut_down',
    'mesh_replaced',
    'orphaned',
    'drained',
    'shut_down',
  ]),
  by: z.string().nullable(),
});
export type ProcMeshStop = z.infer<typeof ProcMeshStop>;

/** How many procs have which status; they add up to `total`. Of those that have ended, the last two tell how many are not over. */
export const ProcCounts = z.object({
  total: z.int(),
  NotExist: z.int(),
  Initializing: z.int(),
  Running: z.int(),
  Stopping: z.int(),
  Stopped: z.int(),
  Failed: z.int(),
  Timeout: z.int(),
  Unknown: z.int(),
  /** Have ended, and are started again. */
  restarting: z.int(),
  /** Have ended, and processes of them still run, as daemons do; a stop ends those. */
  lingering: z.int(),
});
export type ProcCounts = z.infer<typeof ProcCounts>;

/** A rank that made a spawn fail, or that a stop did not end. */
export const ProcFailure = Proc.pick({
  id: true,
  rank: true,
  hostRank: true,
  hostId: true,
  hostAddress: true,
  status: true,
  statusText: true,
  startFault: true,
  exitCode: true,
  signal: true,
  stderrTail: true,
});
export type ProcFailure = z.infer<typeof ProcFailure>;

/** Procs that failed alike, or were stopped as orphans, biggest group first. */
export const ProcFailureGroup = z.object({
  status: z.string(),
  statusText: z.string(),
  /** As `Proc.startFault`. */
  startFault: z.string().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  count: z.int(),
  /** Of one of them. */
  firstRank: z.int(),
  stderrTail: z.array(z.string()),
});
export type ProcFailureGroup = z.infer<typeof ProcFailureGroup>;

/** Procs laid over the hosts of a mesh (reference section 9). */
export const ProcMeshView = z.object({
  id: z.string(),
  name: z.string(),
  meshId: z.string(),
  /** Name of the host mesh. */
  mesh: z.string(),
  state: ProcMeshState,
  /** Hosts' extent and per-host extent together; ranks run row-major over it. */
  extent: z.record(z.string(), z.int()),
  perHost: z.record(z.string(), z.int()),
  command: ProcCommandView,
  readiness: ReadinessRequest,
  restart: RestartRequest,
  keep: z.boolean(),
  timeout: DurationText,
  counts: ProcCounts,
  ends: ProcEnds,
  stop: ProcMeshStop.nullable(),
  /** It failed, or some proc of it did or is not heard of, and nobody has seen that yet: `POST /proc-meshes/{id}/seen`. */
  needsAttention: z.boolean(),
  /** Who has seen what needed attention; null again once something more does. */
  seen: z.object({ by: z.string(), at: Timestamp }).nullable(),
  /** Failures by cause; complete up to 20 groups. */
  failureGroups: z.array(ProcFailureGroup),
  /** Why the spawn failed, rank by rank; complete up to 100 entries. */
  failures: z.array(ProcFailure),
  failuresTruncated: z.boolean().optional(),
  /** Procs of a failed spawn that may still run: the roll-back could not be confirmed there. */
  residue: z.int(),
  /** How many states a re-sync had to correct because no event had told of them; it grows only when events get lost. */
  repairs: z.int(),
  /** Name of its controller (reference 12.1). */
  controller: z.string(),
  requestedBy: z.string(),
  createdAt: Timestamp,
  readyAt: Timestamp.nullable(),
  endedAt: Timestamp.nullable(),
  /** One sentence for people, made from state and counts. */
  summary: z.string(),
});
export type ProcMeshView = z.infer<typeof ProcMeshView>;
/** `GET /proc-meshes`, newest first. */
export const ProcMeshList = pageOf(ProcMeshView);

/**
 * How a stop went for one proc.
 * - `stopped`: its whole process group is gone; `endedBy` says after which step
 * - `already_ended`: it had ended before
 * - `not_known`: its host does not have it
 * - `unreachable`: its host does not answer, so nobody knows
 * - `still_running`: it had not ended by the deadline
 */
export const StopOutcome = Proc.pick({
  id: true,
  rank: true,
  hostRank: true,
  hostAddress: true,
  endedBy: true,
}).extend({
  outcome: z.enum(['stopped', 'already_ended', 'not_known', 'unreachable', 'still_running']),
  message: z.string(),
});
export type StopOutcome = z.infer<typeof StopOutcome>;

/** Whether nothing of the proc can be left running; the engine decides alike which procs are residue. */
export const isGone = ({ outcome }: Pick<StopOutcome, 'outcome'>): boolean =>
  outcome === 'stopped' || outcome === 'already_ended' || outcome === 'not_known';

/** Body of `POST /proc-meshes/{id}/stop`; without selectors all procs. */
export const StopProcMeshRequest = z.strictObject({
  /** Create ranks: `0..4,7`. */
  ranks: line(1000).optional(),
  /** Host ranks: `0..2`. */
  hosts: line(1000).optional(),
  /** Time for each step of the ladder; PROCESS_EXIT_TIMEOUT of the mesh's config when absent. */
  step: durationIn.optional(),
  /** Total deadline; long enough for every step when absent. */
  timeout: durationIn.optional(),
});
export type StopProcMeshRequest = z.infer<typeof StopProcMeshRequest>;

/** The proc mesh after a stop, and how that went for each proc. */
export const StopProcMeshReply = z.object({ procMesh: ProcMeshView, outcomes: z.array(StopOutcome) });
export type StopProcMeshReply = z.infer<typeof StopProcMeshReply>;

/** A proc that some host runs and that none of our live proc meshes accounts for. */
export const Orphan = z.object({
  procId: z.string(),
  procMeshId: z.string(),
  hostMeshId: z.string(),
  rank: z.int(),
  meshId: z.string(),
  hostRank: z.int(),
  hostId: z.string().nullable(),
  hostAddress: z.string(),
  /** Who started it. */
  owner: z.string(),
  program: z.string(),
  pid: z.int().nullable(),
  statusText: z.string(),
  startedAt: Timestamp.nullable(),
  /** Why we take it for an orphan. */
  reason: z.string(),
  /** When its host will stop it; null when it never will. */
  reapedAt: Timestamp.nullable(),
});
export type Orphan = z.infer<typeof Orphan>;

/** `GET /orphans`: hosts of the attached meshes were asked just now, and those where procs of ended ones may be left. */
export const OrphansReply = z.object({
  items: z.array(Orphan),
  /** Hosts that did not answer: they may have more. */
  unreachable: z.array(
    z.object({ meshId: z.string(), rank: z.int(), address: z.string(), message: z.string() }),
  ),
  /** How many hosts were asked, each once however many meshes share it. */
  asked: z.int(),
  askedAt: Timestamp,
});
export type OrphansReply = z.infer<typeof OrphansReply>;

/** `POST /orphans/stop`. */
export const StopOrphansRequest = z.strictObject({
  procs: z
    .array(
      z.strictObject({
        meshId: idIn,
        hostRank: z.int().min(0),
        procMeshId: idIn,
        procId: idIn,
      }),
    )
    .min(1)
    .max(1000),
});
export type StopOrphansRequest = z.infer<typeof StopOrphansRequest>;
/** How the stop went for each orphan that was named. */
export const StopOrphansReply = z.object({
  outcomes: z.array(z.object({ procId: z.string(), outcome: z.string(), message: z.string() })),
});
export type StopOrphansReply = z.infer<typeof StopOrphansReply>;
