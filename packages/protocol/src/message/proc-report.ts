import { ladderSteps, stopCauses } from '@hostmesh/core';
import { z } from 'zod';
import { Digest, durationMs, epochMs, meshIdText, procIdText, text } from './common.ts';

/** Strings by name: an environment, bounded as a whole by the frame. */
const Environment = z.record(text(1000).min(1), text(100_000));

/** What a process is started with; never a shell's business (design section 9). */
export const ProcCommand = z.object({
  /**
   * A name that is looked up in the `PATH` of `env`, or in the agent's own when that has none; or a path, which `cwd` is
   * the start of when it is relative. The file must be on the agent's allow-list; where that does not have all, the agent
   * judges `arg0`, the names of `env` and `cwd`, too.
   */
  program: text(4096).min(1),
  args: z.array(text(100_000)).max(10_000),
  /** What the process sees as its own name; `program` when null. */
  arg0: text(4096).nullable(),
  /** On top of the agent's declared environment. */
  env: Environment,
  /** The proc's directory in the agent's data directory when null. */
  cwd: text(4096).nullable(),
  /** The user that it runs as, one of those of the agent's `--run-as`, as it is written there; null: the first of them. */
  runAs: text(200).min(1).nullable().default(null),
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
  procId: procIdText,
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
export const ReportedStatus = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('Starting') }),
  z.object({ kind: z.literal('Running'), startedAtMs: epochMs }),
  /** An address over HTTP has its readiness path in it. */
  z.object({ kind: z.literal('Ready'), startedAtMs: epochMs, address: text(1100).nullable() }),
  z.object({ kind: z.literal('Stopping'), startedAtMs: epochMs }),
  z.object({ kind: z.literal('Stopped'), exitCode: z.int() }),
  z.object({ kind: z.literal('Killed'), signal: text(20), coreDumped: z.boolean() }),
  z.object({ kind: z.literal('Failed'), reason: text(2000) }),
]);

/** Lines of stderr of a run before the present one. */
export const MAX_FORMER_LINES = 20;

/** How the run before ended: of a proc that was started again, the present one hides it. */
export const FormerEnd = z.object({
  /** When, in milliseconds since 1970 by the host's clock. */
  at: epochMs,
  status: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('Stopped'), exitCode: z.int() }),
    z.object({ kind: z.literal('Killed'), signal: text(20), coreDumped: z.boolean() }),
    z.object({ kind: z.literal('Failed'), reason: text(2000) }),
  ]),
  cause: z.enum(stopCauses).nullable(),
  causeText: text(500).nullable(),
  endedBy: z.enum(ladderSteps).nullable(),
  exit: ProcExit.nullable(),
  stderrTail: z.array(text(1000)).max(MAX_FORMER_LINES),
});
export type FormerEnd = z.infer<typeof FormerEnd>;

/**
 * All that a host knows of a proc. `generation` grows by one with every change of it on this host, over restarts of
 * the process and of the agent: of two reports the one with the higher generation is the later.
 */
export const ProcReport = z.object({
  procId: procIdText,
  procMeshId: meshIdText,
  hostMeshId: meshIdText,
  rank: z.int().min(0),
  generation: z.int().min(1),
  /** Milliseconds since 1970 by the host's clock: when the generation began. */
  at: epochMs,
  status: ReportedStatus,
  /** Why nothing could be started, by a code; null when something was. Branch on this, not on the reason. */
  startFault: text(100).nullable(),
  /** Processes of it that still run although its leader has ended: such a proc has not ended for good. */
  leftover: z.int().min(0),
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
  /** What the present or last process was started with; null: without pushed config, or not known. */
  configDigest: Digest.nullable(),
  /** What a proc that is to be started waits for; null unless it waits. */
  waitsFor: text(500).nullable(),
  /** The last lines of stderr of a process that has ended. */
  stderrTail: z.array(text(1000)).max(50),
  /** How the run before the one that `status` is about ended; null for the first one. */
  formerEnd: FormerEnd.nullable(),
  /** The process goes on when its agent ends. */
  keep: z.boolean(),
  /** This agent found it running, started by an agent before. */
  adopted: z.boolean(),
});
export type ProcReport = z.infer<typeof ProcReport>;

/** CPU and memory of a proc's whole group, from the operating system. */
export const UsageReport = z.object({
  procId: procIdText,
  at: epochMs,
  /** 100 is one core, since the measurement before; null at the first. */
  cpuPercent: z.number().min(0).nullable(),
  /** CPU time so far. */
  cpuMs: z.number().min(0),
  rssBytes: z.number().min(0),
  /** Processes of the group. */
  processes: z.int().min(0),
});
export type UsageReport = z.infer<typeof UsageReport>;

/** A line of output. Both streams count together, so `seq` is the order in which the agent read them. */
export const OutputEntry = z.object({
  seq: z.int().min(1),
  stream: z.enum(['stdout', 'stderr']),
  at: epochMs,
  /** Without its end of line; what is not UTF-8 is replaced, NUL too. */
  text: text(16_384),
  /** The line was longer and goes on in the next entry of this stream. */
  partial: z.boolean(),
});
export type OutputEntry = z.infer<typeof OutputEntry>;

/** What a stream has written of a line that has not ended: a prompt, a progress bar. It comes after all entries. */
export const OpenOutputLine = z.object({
  stream: z.enum(['stdout', 'stderr']),
  /** When it was looked at last. */
  at: epochMs,
  text: text(16_384),
});
export type OpenOutputLine = z.infer<typeof OpenOutputLine>;
