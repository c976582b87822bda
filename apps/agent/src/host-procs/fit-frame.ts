import type { ProcReport } from '@hostmesh/protocol';

/** What reports may take of a frame, which has a megabyte. */
const MAX_BYTES = 900_000;
const SHORT_CHARS = 100;

/**
 * Reports for one answer. When they are too large for a frame they go without their last lines of output, then with
 * short texts; then those that ended first are left out. A single report is always told whole by its event.
 */
export function fitFrame<T extends ProcReport>(reports: readonly T[], maxBytes = MAX_BYTES): T[] {
  if (sizeOf(reports) <= maxBytes) return [...reports];
  const bare = reports.map((report) => ({ ...report, stderrTail: [] }));
  if (sizeOf(bare) <= maxBytes) return bare;
  const terse = bare.map(shortened);
  let bytes = sizeOf(terse);
  const leftOut = new Set<T>();
  for (const report of terse.filter(hasEnded).sort((a, b) => a.at - b.at)) {
    if (bytes <= maxBytes) break;
    bytes -= sizeOf([report]);
    leftOut.add(report);
  }
  return terse.filter((report) => !leftOut.has(report));
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

const hasEnded = ({ status, restarts }: ProcReport): boolean =>
  restarts.nextAt === null && ['Stopped', 'Killed', 'Failed'].includes(status.kind);

function shortened<T extends ProcReport>(report: T): T {
  const { status, causeText } = report;
  return {
    ...report,
    ...('program' in report ? { program: String(report.program).slice(0, SHORT_CHARS) } : {}),
    causeText: causeText?.slice(0, SHORT_CHARS) ?? null,
    status: status.kind === 'Failed' ? { ...status, reason: status.reason.slice(0, SHORT_CHARS) } : status,
  };
}
