import { assertNever, fail, ok, type Fault, type Result } from '../fault.ts';

/**
 * What is known of a proc or actor, in the order of its life (reference 10.1).
 *
 * `Unknown` comes first, where the reference has it last: a host that we cannot hear has not told us that something
 * happened there, so it satisfies no wait (10.6, "Improve on it").
 */
export const statusKinds = [
  'Unknown',
  'NotExist',
  'Initializing',
  'Running',
  'Stopping',
  'Stopped',
  'Failed',
  'Timeout',
] as const;
/** The tag of a status. */
export type StatusKind = (typeof statusKinds)[number];
/** A status, with the reason of a failure and the wait of a timeout. */
export type Status =
  | { readonly kind: Exclude<StatusKind, 'Failed' | 'Timeout'> }
  | { readonly kind: 'Failed'; readonly reason: string }
  /** No answer for so long, in whole milliseconds. */
  | { readonly kind: 'Timeout'; readonly afterMs: number };

/** On its way to an end, or there. */
export function isTerminating(status: Status): boolean {
  return status.kind === 'Stopping' || isTerminated(status);
}

/** At an end, good or bad. */
export function isTerminated(status: Status): boolean {
  return status.kind === 'Stopped' || isFailure(status);
}

/** At a bad end, or given up waiting for. */
export function isFailure(status: Status): boolean {
  return status.kind === 'Failed' || status.kind === 'Timeout';
}

/** Known to be coming up or running; `Unknown` is neither healthy nor terminating. */
export function isHealthy(status: Status): boolean {
  return status.kind === 'Initializing' || status.kind === 'Running';
}

/** Negative, zero or positive, by kind alone. */
export function compareStatuses(a: Status, b: Status): number {
  return statusKinds.indexOf(a.kind) - statusKinds.indexOf(b.kind);
}

/** Whether a wait for `awaited` is over: the status is at least that far. */
export function satisfiesWait(status: Status, awaited: Status): boolean {
  return compareStatuses(status, awaited) >= 0;
}

/** Returns `floor` when that is terminating and the status is not, else the status: an end that is under way is not taken back. */
export function clampMin(status: Status, floor: Status): Status {
  return isTerminating(floor) && !isTerminating(status) ? floor : status;
}

/** `Running`, `Failed(reason)`, `Timeout(30.001s)`. */
export function printStatus(status: Status): string {
  switch (status.kind) {
    case 'Failed':
      return `Failed(${status.reason})`;
    case 'Timeout':
      return `Timeout(${status.afterMs / 1000}s)`;
    case 'Unknown':
    case 'NotExist':
    case 'Initializing':
    case 'Running':
    case 'Stopping':
    case 'Stopped':
      return status.kind;
    default:
      return assertNever(status);
  }
}

/** Reads what `printStatus` prints. */
export function parseStatus(text: string): Result<Status, Fault<'invalid_status'>> {
  const [, reason] = /^Failed\((.*)\)$/s.exec(text) ?? [];
  if (reason !== undefined) return ok({ kind: 'Failed', reason });
  const [, seconds] = /^Timeout\((\d+(?:\.\d{1,3})?)s\)$/.exec(text) ?? [];
  if (seconds !== undefined) return ok({ kind: 'Timeout', afterMs: Math.round(Number(seconds) * 1000) });
  const kind = statusKinds.find((name) => name === text);
  if (kind === undefined || kind === 'Failed' || kind === 'Timeout') {
    return fail({ code: 'invalid_status', message: `invalid status: '${text}'` });
  }
  return ok({ kind });
}

/** Whether kind, reason and time are the same. */
export function sameStatus(a: Status, b: Status): boolean {
  return printStatus(a) === printStatus(b);
}
