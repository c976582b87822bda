import { z } from 'zod';
import { Digest, durationMs, meshIdText, procIdText, requestId, text } from './common.ts';
import {
  OpenOutputLine,
  OutputEntry,
  ProcBind,
  ProcCommand,
  ProcReport,
  ProcSpec,
  UsageReport,
} from './proc-report.ts';

/** How long a client vouches for the procs of a mesh, counted by the host's own clock from when it hears so. */
export const ProcMeshLease = z.object({ procMeshId: meshIdText, ttlMs: durationMs });
export type ProcMeshLease = z.infer<typeof ProcMeshLease>;

/**
 * Starts procs, concurrently, and answers before they are ready: what becomes of them is told by events. Repeating
 * it is harmless: procs that the host has already are answered as they are.
 */
export const SpawnProcs = z.object({
  type: z.literal('spawn_procs'),
  id: requestId,
  procMeshId: meshIdText,
  hostMeshId: meshIdText,
  /** On whose behalf, for people. */
  owner: z.object({ clientId: text(100), label: text(200) }),
  procs: z.array(ProcSpec).max(1000),
  /** The config that they are started with, which must be installed; null: with none. */
  configDigest: Digest.nullable(),
  /** They outlive their agent. */
  keep: z.boolean(),
  /** Vouched for so long from now; null when these procs are never to be reaped. */
  ttlMs: durationMs.nullable(),
});
export type SpawnProcs = z.infer<typeof SpawnProcs>;

/** Whether processes like these could be started here. Starts nothing. */
export const CheckSpawn = z.object({
  type: z.literal('check_spawn'),
  id: requestId,
  specs: z
    .array(
      z.object({
        program: ProcCommand.shape.program,
        arg0: ProcCommand.shape.arg0,
        /** Names of the variables that the command sets; their values stay where they are. */
        envNames: z.array(text(1000).min(1)).max(10_000),
        /** The `PATH` of the command, where programs are looked for instead of the agent's; null: it says none. */
        path: text(100_000).nullable(),
        cwd: ProcCommand.shape.cwd,
        bind: ProcBind.nullable(),
        runAs: ProcCommand.shape.runAs,
      }),
    )
    .max(1000),
});

/** Begins to stop procs and answers at once; events tell how it goes. Later callers join a stop that runs. */
export const StopProcs = z.object({
  type: z.literal('stop_procs'),
  id: requestId,
  procMeshId: meshIdText,
  /** All of the mesh when null. */
  procIds: z.array(procIdText).max(1000).nullable(),
  cause: z.enum(['requested', 'rolled_back']),
  causeText: text(500),
  /** Time for each step of the ladder; PROCESS_EXIT_TIMEOUT of the pushed config when null. */
  stepMs: durationMs.nullable(),
});
export type StopProcs = z.infer<typeof StopProcs>;

/** The proc as it is now; a proc that the host does not have is null. */
export const GetState = z.object({ type: z.literal('get_state'), id: requestId, procId: procIdText });
/** All procs of a mesh on this host, those that have ended included. */
export const GetHostProcStates = z.object({
  type: z.literal('get_host_proc_states'),
  id: requestId,
  procMeshId: meshIdText,
});
/**
 * Answers once the proc's status is at least that far, or at the timeout as it is then. A proc that the host does not
 * have is answered null at once (reference 8.2 lets the caller wait).
 */
export const WaitStatus = z.object({
  type: z.literal('wait_status'),
  id: requestId,
  procId: procIdText,
  min: z.enum(['Running', 'Stopping', 'Stopped']),
  timeoutMs: durationMs,
});
/** All procs that the host has, of whatever client. */
export const ListProcs = z.object({ type: z.literal('list_procs'), id: requestId });
/** What the procs use now; those that do not run are left out. */
export const GetUsage = z.object({
  type: z.literal('get_usage'),
  id: requestId,
  procIds: z.array(procIdText).max(1000).nullable(),
});
/**
 * Output after `after`, oldest first, at most `maxBytes` of it; when there is none yet, waits for some up to `waitMs`.
 * `after` null and `tail` set: the last so many entries. Lines that have not ended are waited for, too: for others than
 * those of `openVersion`, or for any when that is null.
 */
export const ReadLogs = z.object({
  type: z.literal('read_logs'),
  id: requestId,
  procId: procIdText,
  after: z.int().min(0).nullable(),
  tail: z.int().min(0).max(10_000).nullable(),
  maxBytes: z.int().min(1).max(500_000),
  waitMs: durationMs,
  openVersion: z.int().nullable(),
});
export type ReadLogs = z.infer<typeof ReadLogs>;
/** Lets the host forget procs of a mesh that have ended, with their output. */
export const ForgetProcs = z.object({
  type: z.literal('forget_procs'),
  id: requestId,
  procMeshId: meshIdText,
  procIds: z.array(procIdText).max(1000).nullable(),
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
    unknownIds: z.array(procIdText),
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
  z.object({ kind: z.literal('usage'), procs: z.array(UsageReport) }),
  /**
   * To `read_logs`. `firstSeq` is the oldest entry that the host still has: when it is beyond what was asked for, the
   * entries between are lost. `ended`: no more will come after the last entry.
   */
  z.object({
    kind: z.literal('logs'),
    entries: z.array(OutputEntry),
    /** Lines that have not ended, at most one of each stream. They come again, or as entries. */
    open: z.array(OpenOutputLine).max(2),
    openVersion: z.int(),
    firstSeq: z.int().min(1),
    lastSeq: z.int().min(0),
    ended: z.boolean(),
  }),
  /** To `forget_procs`: how many were forgotten; procs that have not ended are not. */
  z.object({ kind: z.literal('procs_forgotten'), count: z.int().min(0) }),
] as const;
