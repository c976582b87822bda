import { ladderSteps, MAX_WAIT_MS, stopCauses } from '@hostmesh/core';
import { z } from 'zod';

/** Text that comes from the other side: bounded, so that it can be shown and stored. */
const text = (max: number) => z.string().max(max);
const procId = z.string().regex(/^[\w-]{1,100}$/, 'a proc id has letters, digits, `_` and `-`, at most 100');
const meshId = z.string().min(1).max(100);
const epochMs = z.number();
const durationMs = z.int().min(0).max(MAX_WAIT_MS);

/** Strings by name: an environment, bounded as a whole by the frame. */
const Environment = z.record(text(1000).min(1), text(100_000));

/** What a process is started with; never a shell's business (design section 9). */
export const ProcCommand = z.object({
  /** A name that the agent looks up in its own PATH, or an absolute path; it must be on the agent's allow-list. */
  program: text(4096).min(1),
  args: z.array(text(100_000)).max(10_000),
  /** What the process sees as its own name; `program` when null. */
  arg0: text(4096).nullable(),
  /** On top of the agent's declared environment. */
  env: Environment,
  /** The proc's directory in the agent's data directory when null. */
  cwd: text(4096).nullable(),
});
export type ProcCommand = z.infer<typeof ProcCommand>;

/** Where a process may run (reference 9.4): the first three by `numactl`, `cpus` by `taskset`. */
export const ProcBind = z.object({
  cpunodebind: text(1000).nullable(),
  membind: text(1000).nullable(),
  physcpubind: text(1000).nullable(),
  cpus: text(1000).nullable(),
});
export type ProcBind = z.infer<typeof ProcBind>;

/** When a process counts as ready. */
export const Readiness = z.discriminatedUnion('kind', [
  /** Alive for so long; one that has exited with 0 by then has been ready too. */
  z.object({ kind: z.literal('alive'), forMs: durationMs }),
  /** It writes a line to the descriptor whose number is in `HOSTMESH_READY_FD`. */
  z.object({ kind: z.literal('descriptor') }),
  /** Something accepts connections on this port of the host's loopback. */
  z.object({ kind: z.literal('tcp'), port: z.int().min(1).max(65_535) }),
  /** GET answers with 200 to 399 there. */
  z.object({ kind: z.literal('http'), port: z.int().min(1).max(65_535), path: text(1000).startsWith('/') }),
  /** A line of stdout or stderr contains this. */
  z.object({ kind: z.literal('output'), contains: text(1000).min(1) }),
]);
export type Readiness = z.infer<typeof Readiness>;

/** What happens when a process has ended that nobody asked to. */
export const RestartPolicy = z.object({
  policy: z.enum(['never', 'on_failure', 'always']),
  /** Restarts in a row; after that the proc has failed, or stopped, for good. */
  limit: z.int().min(0).max(1000),
  /** The pause before the first restart; it doubles up to `maxBackoffMs`, with jitter. */
  backoffMs: durationMs,
  maxBackoffMs: durationMs,
  /** A process that was ready for so long starts the count anew. */
  resetAfterMs: durationMs,
});
export type RestartPolicy = z.infer<typeof RestartPolicy>;

/** One proc as its client wants it. */
export const ProcSpec = z.object({
  procId,
  /** Create rank: its base rank in the combined extent (reference section 1). */
  rank: z.int().min(0),
  command: ProcCommand,
  bind: ProcBind.nullable(),
  readiness: Readiness,
  /** From the start of the process; 0 waits without limit. */
  readyTimeoutMs: durationMs,
  restart: RestartPolicy,
});
export type ProcSpec = z.infer<typeof ProcSpec>;

/** How a process ended. */
export const ProcExit = z.object({
  /** Null when a signal ended it, or when it ended while no agent was there to see. */
  code: z.int().nullable(),
  /** `SIGKILL`. */
  signal: text(20).nullable(),
  coreDumped: z.boolean(),
});
export type ProcExit = z.infer<typeof ProcExit>;

/** `ProcStatus` of core, as it travels. */
export const ProcStatus = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('Starting') }),
  z.object({ kind: z.literal('Running'), startedAtMs: epochMs }),
  /** An address over HTTP has its readiness path in it. */
  z.object({ kind: z.literal('Ready'), startedAtMs: epochMs, address: text(1100).nullable() }),
  z.object({ kind: z.literal('Stopping'), startedAtMs: epochMs }),
  z.object({ kind: z.literal('Stopped'), exitCode: z.int() }),
  z.object({ kind: z.literal('Killed'), signal: text(20), coreDumped: z.boolean() }),
  z.object({ kind: z.literal('Failed'), reason: text(2000) }),
]);

/**
 * All that a host knows of a proc. `generation` grows by one with every change of it on this host, over restarts of
 * the process and of the agent: of two reports the one with the higher generation is the later.
 */
export const ProcReport = z.object({
  procId,
  procMeshId: meshId,
  hostMeshId: meshId,
  rank: z.int().min(0),
  generation: z.int().min(1),
  /** Milliseconds since 1970 by the host's clock: when the generation began. */
  at: epochMs,
  status: ProcStatus,
  /** Why we end or ended it; null while nobody asked for that. */
  cause: z.enum(stopCauses).nullable(),
  /** In whose name, or more on why: for people. */
  causeText: text(500).nullable(),
  /** After which step of the stop ladder the whole group was gone; null when it ended by itself. */
  endedBy: z.enum(ladderSteps).nullable(),
  exit: ProcExit.nullable(),
  pid: z.int().nullable(),
  /** When the present or last process was started. */
  startedAt: epochMs.nullable(),
  /** Restarts so far; `nextAt` (milliseconds since 1970) is set while one is due. */
  restarts: z.object({ count: z.int().min(0), nextAt: epochMs.nullable() }),
  /** The last lines of stderr of a process that has ended. */
  stderrTail: z.array(text(1000)).max(50),
  /** The process goes on when its agent ends. */
  keep: z.boolean(),
  /** This agent found it running, started by an agent before. */
  adopted: z.boolean(),
});
export type ProcReport = z.infer<typeof ProcReport>;

/** CPU and memory of a proc's whole group, from the operating system. */
export const ProcUsage = z.object({
  procId,
  at: epochMs,
  /** 100 is one core, since the measurement before; null at the first. */
  cpuPercent: z.number().min(0).nullable(),
  /** CPU time so far. */
  cpuMs: z.number().min(0),
  rssBytes: z.number().min(0),
  /** Processes of the group. */
  processes: z.int().min(0),
});
export type ProcUsage = z.infer<typeof ProcUsage>;

/** A line of output. Both streams count together, so `seq` is the order in which the agent read them. */
export const LogEntry = z.object({
  seq: z.int().min(1),
  stream: z.enum(['stdout', 'stderr']),
  at: epochMs,
  /** Without its end of line; what is not UTF-8 is replaced, NUL too. */
  text: text(16_384),
  /** The line was longer and goes on in the next entry of this stream. */
  partial: z.boolean(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** How long a client vouches for the procs of a mesh, counted by the host's own clock from when it hears so. */
export const ProcMeshLease = z.object({ procMeshId: meshId, ttlMs: durationMs });
export type ProcMeshLease = z.infer<typeof ProcMeshLease>;

const id = z.string().min(1).max(100);

/**
 * Starts procs, concurrently, and answers before they are ready: what becomes of them is told by events. Repeating
 * it is harmless: procs that the host has already are answered as they are.
 */
export const SpawnProcs = z.object({
  type: z.literal('spawn_procs'),
  id,
  procMeshId: meshId,
  hostMeshId: meshId,
  /** On whose behalf, for people. */
  owner: z.object({ clientId: text(100), label: text(200) }),
  procs: z.array(ProcSpec).max(1000),
  /** They outlive their agent. */
  keep: z.boolean(),
  /** Vouched for so long from now; null when these procs are never to be reaped. */
  ttlMs: durationMs.nullable(),
});
export type SpawnProcs = z.infer<typeof SpawnProcs>;

/** Whether processes like these could be started here. Starts nothing. */
export const CheckSpawn = z.object({
  type: z.literal('check_spawn'),
  id,
  specs: z.array(z.object({ program: ProcCommand.shape.program, bind: ProcBind.nullable() })).max(1000),
});

/** Begins to stop procs and answers at once; events tell how it goes. Later callers join a stop that runs. */
export const StopProcs = z.object({
  type: z.literal('stop_procs'),
  id,
  procMeshId: meshId,
  /** All of the mesh when null. */
  procIds: z.array(procId).max(1000).nullable(),
  cause: z.enum(['requested', 'rolled_back']),
  causeText: text(500),
  /** Time for each step of the ladder; PROCESS_EXIT_TIMEOUT of the pushed config when null. */
  stepMs: durationMs.nullable(),
});
export type StopProcs = z.infer<typeof StopProcs>;

/** The proc as it is now; a proc that the host does not have is null. */
export const GetState = z.object({ type: z.literal('get_state'), id, procId });
/** All procs of a mesh on this host, those that have ended included. */
export const GetHostProcStates = z.object({
  type: z.literal('get_host_proc_states'),
  id,
  procMeshId: meshId,
});
/**
 * Answers once the proc's status is at least that far, or at the timeout as it is then. A proc that the host does not
 * have is answered null at once (reference 8.2 lets the caller wait).
 */
export const WaitStatus = z.object({
  type: z.literal('wait_status'),
  id,
  procId,
  min: z.enum(['Running', 'Stopping', 'Stopped']),
  timeoutMs: durationMs,
});
/** All procs that the host has, of whatever client. */
export const ListProcs = z.object({ type: z.literal('list_procs'), id });
/** What the procs use now; those that do not run are left out. */
export const GetUsage = z.object({
  type: z.literal('get_usage'),
  id,
  procIds: z.array(procId).max(1000).nullable(),
});
/**
 * Output after `after`, oldest first, at most `maxBytes` of it; when there is none yet, waits for some up to `waitMs`.
 * `after` null and `tail` set: the last so many entries.
 */
export const ReadLogs = z.object({
  type: z.literal('read_logs'),
  id,
  procId,
  after: z.int().min(0).nullable(),
  tail: z.int().min(0).max(10_000).nullable(),
  maxBytes: z.int().min(1).max(500_000),
  waitMs: durationMs,
});
export type ReadLogs = z.infer<typeof ReadLogs>;
/** Lets the host forget procs of a mesh that have ended, with their output. */
export const ForgetProcs = z.object({
  type: z.literal('forget_procs'),
  id,
  procMeshId: meshId,
  procIds: z.array(procId).max(1000).nullable(),
});

/** Results of the requests above, by `kind`. */
export const procResults = [
  /** To `spawn_procs`: every proc of the request. */
  z.object({ kind: z.literal('procs_accepted'), procs: z.array(ProcReport) }),
  /** To `check_spawn`: what stands against which spec, by its place in the request. */
  z.object({
    kind: z.literal('spawn_checked'),
    refusals: z.array(z.object({ index: z.int().min(0), code: text(100), message: text(2000) })),
  }),
  /** To `stop_procs`: the procs as they are now, and the asked ids that the host does not have. */
  z.object({
    kind: z.literal('procs_stopping'),
    procs: z.array(ProcReport),
    unknownIds: z.array(procId),
  }),
  /** To `get_state` and `wait_status`. */
  z.object({ kind: z.literal('proc_state'), proc: ProcReport.nullable() }),
  /** To `get_host_proc_states` and `list_procs`. `seq` is the last event that these reports include. */
  z.object({
    kind: z.literal('proc_states'),
    seq: z.int().min(0),
    procs: z.array(
      ProcReport.extend({
        /** Milliseconds until it is reaped as an orphan, unless somebody vouches for it; null: never. */
        leaseMs: z.number().nullable(),
        owner: z.object({ clientId: text(100), label: text(200) }),
        /** As it was started. */
        program: text(4096),
      }),
    ),
  }),
  /** To `get_usage`. */
  z.object({ kind: z.literal('usage'), procs: z.array(ProcUsage) }),
  /**
   * To `read_logs`. `firstSeq` is the oldest entry that the host still has: when it is beyond what was asked for, the
   * entries between are lost. `ended`: no more will come after the last entry.
   */
  z.object({
    kind: z.literal('logs'),
    entries: z.array(LogEntry),
    firstSeq: z.int().min(1),
    lastSeq: z.int().min(0),
    ended: z.boolean(),
  }),
  /** To `forget_procs`: how many were forgotten; procs that have not ended are not. */
  z.object({ kind: z.literal('procs_forgotten'), count: z.int().min(0) }),
] as const;
