import { ok, type Result } from '@hostmesh/core';
import type { ProcRecord } from '@hostmesh/db';
import type { LogsAnswer } from '@hostmesh/host-mesh';
import type { LogFault, LogSource } from './log-source.ts';

/** What a host said while a stretch of its output was read. */
export interface Stretch {
  /** Up to here all is read that the host has. */
  readonly readTo: number;
  /** The oldest entry that the host has. */
  readonly firstSeq: number;
  /** The newest entry that the host had at first: one that writes on is not read for ever. */
  readonly newestSeq: number;
}

/** Where reading begins, and where it may stop before the newest entry. */
export type StretchRange = ({ readonly after: number } | { readonly tail: number }) & {
  /** Told of each answer; true when it was enough. */
  readonly isEnough?: (entries: LogsAnswer['entries']) => boolean;
};

const MAX_BYTES = 500_000;

/** Reads output at its host, answer by answer, which stores it: no more than one answer is in memory at a time. */
export async function readStretch(
  source: Pick<LogSource, 'fetch'>,
  proc: ProcRecord,
  { isEnough = () => false, ...range }: StretchRange,
): Promise<Result<Stretch, LogFault>> {
  let newestSeq: number | undefined;
  let readTo = 'after' in range ? range.after : null;
  for (;;) {
    const fetched = await source.fetch(proc, {
      after: readTo,
      ...(readTo === null && 'tail' in range && { tail: range.tail }),
      maxBytes: MAX_BYTES,
    });
    if (!fetched.ok) return fetched;
    const { entries, firstSeq, lastSeq } = fetched.value;
    newestSeq ??= lastSeq;
    // An answer without entries means that the host has none up to its newest.
    readTo = entries.at(-1)?.seq ?? Math.max(lastSeq, readTo ?? 0);
    if (readTo >= newestSeq || isEnough(entries)) return ok({ readTo, firstSeq, newestSeq });
  }
}
