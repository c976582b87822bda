/** As many procs as the protocol allows in one request. */
const MAX_REQUEST_PROCS = 1_000;

/** Proc ids of one host, cut into as many parts as requests are needed. */
export function procIdParts(procIds: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(procIds.length / MAX_REQUEST_PROCS) }, (_, part) =>
    procIds.slice(part * MAX_REQUEST_PROCS, (part + 1) * MAX_REQUEST_PROCS),
  );
}
