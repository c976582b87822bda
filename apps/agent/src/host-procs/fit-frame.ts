import type { ProcReport } from '@hostmesh/protocol';
import { withoutTails } from '../proc/proc-report.ts';

/** What reports may take of a frame, which has a megabyte; what else an answer has fits beside them. */
const MAX_BYTES = 900_000;
const SHORT_CHARS = 100;

/** A report, with what a list has beside. */
type Told = ProcReport & {
  readonly program?: string;
  readonly owner?: { readonly clientId: string; readonly label: string };
};

/**
 * Reports for one answer. When they are too large for a frame they go without their last lines of output, then with
 * short texts, then those that ended first are left out. Should the others still be too large they go without texts,
 * then those that wait for a restart are left out as well, and at last those that run. A single report is always told
 * whole by its event.
 */
export function fitFrame<T extends Told>(reports: readonly T[], maxBytes = MAX_BYTES): T[] {
  if (sizeOf(reports) <= maxBytes) return [...reports];
  const bare = reports.map(withoutTails);
  if (sizeOf(bare) <= maxBytes) return bare;
  const terse = bare.map((report) => shortened(report, SHORT_CHARS));
  const present = terse.filter((report) => lifeOf(report) !== 'ended');
  if (sizeOf(present) <= maxBytes) return thinned(terse, maxBytes);
  return thinned(bare.map(textless), maxBytes);
}

/** Leaves out as many as it takes: the ended, the waiting, then the live, the oldest of each first. */
function thinned<T extends ProcReport>(reports: readonly T[], maxBytes: number): T[] {
  let bytes = sizeOf(reports);
  const leftOut = new Set<T>();
  const order = reports.toSorted(
    (a, b) => lives.indexOf(lifeOf(a)) - lives.indexOf(lifeOf(b)) || a.at - b.at,
  );
  for (const report of order) {
    if (bytes <= maxBytes) break;
    bytes -= sizeOf([report]);
    leftOut.add(report);
  }
  return reports.filter((report) => !leftOut.has(report));
}

/** The latest of earlier reports that fit into a frame beside `procs`, oldest first. */
export function fitPast(
  past: readonly ProcReport[],
  procs: readonly ProcReport[],
  maxBytes = MAX_BYTES,
): ProcReport[] {
  const latest = past.toSorted((a, b) => b.at - a.at || b.generation - a.generation);
  let bytes = sizeOf(procs);
  const tooMany = latest.findIndex((report) => (bytes += sizeOf([report])) > maxBytes);
  return latest.slice(0, tooMany === -1 ? undefined : tooMany).reverse();
}

const sizeOf = (reports: readonly unknown[]): number =>
  reports.reduce<number>((sum, report) => sum + Buffer.byteLength(JSON.stringify(report)) + 1, 0);

/** In the order in which they can be done without. */
const lives = ['ended', 'waiting', 'live'] as const;

function lifeOf({ status, restarts }: ProcReport): (typeof lives)[number] {
  if (restarts.nextAt !== null) return 'waiting';
  return ['Stopped', 'Killed', 'Failed'].includes(status.kind) ? 'ended' : 'live';
}

function shortened<T extends Told>(report: T, chars: number): T {
  const { status, causeText, program, owner, formerEnd } = report;
  const short = (text: string) => text.slice(0, chars);
  const shortStatus = <S extends ProcReport['status']>(of: S): S =>
    of.kind === 'Failed' ? { ...of, reason: short(of.reason) } : of;
  return {
    ...report,
    ...(program !== undefined && { program: short(program) }),
    ...(owner !== undefined && { owner: { ...owner, label: short(owner.label) } }),
    causeText: causeText === null ? null : short(causeText),
    formerEnd: formerEnd && {
      ...formerEnd,
      causeText: formerEnd.causeText && short(formerEnd.causeText),
      status: shortStatus(formerEnd.status),
    },
    status: shortStatus(status),
  };
}

/** Without any text that can be done without. Half a long address would be a wrong one. */
function textless<T extends Told>(report: T): T {
  const short = shortened(report, 0);
  const { status } = short;
  const isLong = status.kind === 'Ready' && (status.address?.length ?? 0) > SHORT_CHARS;
  return isLong ? { ...short, status: { ...status, address: null } } : short;
}
