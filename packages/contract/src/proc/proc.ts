import { endKinds, statusKinds, timesText } from '@hostmesh/core';
import { z } from 'zod';
import { pageOf, Timestamp } from '../fields.ts';

/** The eight values of reference section 10.1; none is ever folded into another. */
export const ProcStatusName = z.enum(statusKinds);
export type ProcStatusName = z.infer<typeof ProcStatusName>;

/** How a run of a proc ended that is over, and hidden by the one that is shown. */
export const ProcFormerEnd = z.object({
  /** One clause for people. */
  text: z.string(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  at: Timestamp,
  stderrTail: z.array(z.string()),
});
export type ProcFormerEnd = z.infer<typeof ProcFormerEnd>;

/** One proc as last heard. `GET /procs/{id}` and the rows of every list of procs. */
export const Proc = z.object({
  id: z.string(),
  procMeshId: z.string(),
  /** Name of the proc mesh, and of the host mesh that it runs on. */
  name: z.string(),
  meshId: z.string(),
  /** Create rank: never changes. */
  rank: z.int(),
  /** `hosts=1/3,gpus=0/4`. */
  point: z.string(),
  hostRank: z.int(),
  hostId: z.string().nullable(),
  /** Of the host, in native form. */
  hostAddress: z.string(),
  /** Of the proc: it is reached via its own id at the host's address (reference 9.2). */
  address: z.string(),
  pid: z.int().nullable(),
  status: ProcStatusName,
  /** One clause for people: `exited with code 3`, `killed by SIGKILL`, `not heard since …`. */
  statusText: z.string(),
  /** Why nothing was started: `not_found`, `not_executable`, `exec_format`, `interpreter_missing` or another; else null. */
  startFault: z.string().nullable(),
  /** Processes of it that still run although it has ended, as daemons do; a stop ends them. */
  leftover: z.int(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  /** The step of the stop ladder that ended it, if one did. */
  endedBy: z.string().nullable(),
  /** How it ended for good; null while it may run, or run again. */
  end: z.enum(endKinds).nullable(),
  /** Grows with every change; of two reports the one with the higher generation is the later. */
  generation: z.int(),
  /** Since when the status is what it is, by the host's clock where it reported it. */
  since: Timestamp,
  lastHeardAt: Timestamp.nullable(),
  startedAt: Timestamp.nullable(),
  restarts: z.int(),
  /** When the next restart is due; null when none is. */
  nextRestartAt: Timestamp.nullable(),
  /** The last lines of stderr of a process that has ended. */
  stderrTail: z.array(z.string()),
  /** Of the pushed config that its present or last process was started with; null when that is not known. */
  configDigest: z.string().nullable(),
  /** How the run before ended, or the last one where the status tells of none; null in the first run. */
  formerEnd: ProcFormerEnd.nullable(),
  /** Started by an agent that is gone, and found again by the present one. */
  adopted: z.boolean(),
});
export type Proc = z.infer<typeof Proc>;
/** Procs of one proc mesh by rank, or of all, the newest first. */
export const ProcList = pageOf(Proc);

/**
 * What a proc is at, and what its status hides: how its last run ended, and how often it was started again. The same on a
 * page and in a terminal.
 */
export function procText({
  statusText,
  formerEnd,
  restarts,
}: Pick<Proc, 'statusText' | 'formerEnd' | 'restarts'>): string {
  if (formerEnd === null || statusText.includes(formerEnd.text)) return statusText;
  const often = restarts === 0 ? '' : `, restarted ${timesText(restarts)}`;
  return `${statusText}; before that ${formerEnd.text}${often}`;
}

/** CPU and memory of the whole process group, from the operating system of its host. */
export const ProcUsage = z.object({
  at: Timestamp,
  /** 100 is one core. */
  cpuPercent: z.number().nullable(),
  cpuMs: z.number(),
  rssBytes: z.number(),
  processes: z.int(),
});
export type ProcUsage = z.infer<typeof ProcUsage>;

/** What a proc was started with. Values of its environment are not shown: names are. */
export const ProcCommandView = z.object({
  program: z.string(),
  args: z.array(z.string()),
  arg0: z.string().nullable(),
  cwd: z.string().nullable(),
  /** The user that was asked for; null: the first that its host allows. */
  runAs: z.string().nullable(),
  envNames: z.array(z.string()),
});
export type ProcCommandView = z.infer<typeof ProcCommandView>;

/**
 * `GET /procs/{id}`. `usage` is null when it does not run or its host does not answer; `meshConfigDigest` is what its mesh was last
 * given: a process that was started with another keeps that until its next start.
 */
export const ProcDetail = Proc.extend({
  command: ProcCommandView,
  usage: ProcUsage.nullable(),
  meshConfigDigest: z.string().nullable(),
});
export type ProcDetail = z.infer<typeof ProcDetail>;

/** One change of a proc's status, as it was recorded. */
export const ProcTransition = z.object({
  generation: z.int(),
  /** By the host's clock where the host reported it, by ours where we noticed (unreachable, lost). */
  at: Timestamp,
  /** When we recorded it. */
  recordedAt: Timestamp,
  status: ProcStatusName,
  statusText: z.string(),
  /** `host`: it reported this; `controller`: we concluded it. */
  source: z.enum(['host', 'controller']),
  pid: z.int().nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable(),
  cause: z.string().nullable(),
});
export type ProcTransition = z.infer<typeof ProcTransition>;
/** Newest first. */
export const ProcTransitionList = pageOf(ProcTransition);

/** One line of output. */
export const LogEntry = z.object({
  /** Both streams count together. */
  seq: z.int(),
  stream: z.enum(['stdout', 'stderr']),
  at: Timestamp,
  /** May hold ANSI sequences; never markup. */
  text: z.string(),
  /** The line goes on in the next entry of this stream. */
  partial: z.boolean(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/**
 * What a stream has written of a line that has not ended: a prompt, a progress bar. It is the last of its stream and has no
 * `seq`; it comes again when it has changed, and as an entry when it has ended.
 */
export const OpenLine = z.object({
  stream: z.enum(['stdout', 'stderr']),
  at: Timestamp,
  text: z.string(),
});
export type OpenLine = z.infer<typeof OpenLine>;

/** A stretch of entries that nobody has any more, or that could not be fetched. */
export const LogGap = z.object({
  afterSeq: z.int(),
  /** Null when it is not known how far it reaches. */
  beforeSeq: z.int().nullable(),
  reason: z.string(),
});
export type LogGap = z.infer<typeof LogGap>;

/** `GET /procs/{id}/logs`, oldest first. */
export const ProcLogs = z.object({
  entries: z.array(LogEntry),
  /** What has been written after all entries, of lines that have not ended; none while `lastSeq` is before `newestSeq`. */
  open: z.array(OpenLine),
  gaps: z.array(LogGap),
  /** Up to here was read, entries of the other stream included. Ask on with `after` set to this. */
  lastSeq: z.int(),
  /** The newest entry that was known of: there is more to be had now while `lastSeq` is before it. */
  newestSeq: z.int(),
  /** No more will come: the proc has ended and all that there was has been fetched, or can't be. */
  ended: z.boolean(),
  /** Where the last entries came from: the host just now, or what was fetched before. */
  source: z.enum(['host', 'stored']),
});
export type ProcLogs = z.infer<typeof ProcLogs>;

/** What `GET /procs/{id}/logs` sends as Server-Sent Events; the id of each is the `seq` up to which all is told. */
export const LogEvent = z.discriminatedUnion('type', [
  /** `open` is all that is open after these entries. Without entries: it has changed, or what came was of the other stream. */
  z.object({ type: z.literal('entries'), entries: z.array(LogEntry), open: z.array(OpenLine) }),
  z.object({ type: z.literal('gap'), gap: LogGap }),
  /** The host does not answer; it is asked again. */
  z.object({ type: z.literal('stalled'), reason: z.string() }),
  z.object({ type: z.literal('ended') }),
]);
export type LogEvent = z.infer<typeof LogEvent>;
