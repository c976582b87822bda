import { isTerminated, type Status } from '@hostmesh/core';
import type { KnownProc } from './known-proc.ts';
import type { ProcView } from './proc-view.ts';

/** The view of a proc of which nothing is known yet but what was recorded. */
export function recordedView(proc: KnownProc): ProcView {
  const { status, text, generation, since, lastHeardAt: heardAt, nextRestartAt } = proc;
  if (generation === 0 && !isTerminated(status)) {
    return status.kind === 'Unknown' ? { kind: 'silent', last: null, since } : { kind: 'awaited', since };
  }
  const isFinal = isFinalStatus(status) && nextRestartAt === null;
  const last = { status, text, generation, since, isFinal, heardAt, report: null };
  return status.kind === 'Unknown' ? { kind: 'silent', last, since } : { kind: 'heard', last, again: null };
}

/** A proc that was late may well have gone on. */
const isFinalStatus = (status: Status): boolean => isTerminated(status) && status.kind !== 'Timeout';
