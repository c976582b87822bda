import { assertNever, describeProc, endKindOf, hasEndedForGood, statusOfProc } from '@hostmesh/core';
import type { ProcReport } from '@hostmesh/protocol';
import { endsOfReport } from './known-end.ts';
import { isFinalView, lastOf, type LastKnown, type ProcView, type ProcViewEvent } from './proc-view.ts';

/**
 * The next view of a proc; the same one when the event is no news. Reports count only in the order of their
 * generations, however they arrive (reference section 10.2), and each is applied once. `restartLimit` is for texts.
 */
export function stepProcView(view: ProcView, event: ProcViewEvent, restartLimit: number): ProcView {
  switch (event.kind) {
    case 'reported':
      return hear(view, lastKnownOf(event.report, event.at, restartLimit), event.at);
    case 'host_missed':
      if (isFinalView(view) || (view.kind === 'silent' && view.why === event.why)) return view;
      return { kind: 'silent', last: lastOf(view), since: event.at, why: event.why };
    case 'given_up':
      if (isFinalView(view)) return view;
      return { kind: 'given_up', last: lastOf(view), reason: event.reason, since: event.at };
    case 'host_heard':
      if (view.kind !== 'silent') return view;
      return view.last === null
        ? { kind: 'awaited', since: event.at }
        : { kind: 'heard', last: view.last, again: event.at };
    case 'missing': {
      if (isFinalView(view)) return view;
      const last = lastOf(view);
      return last === null
        ? { kind: 'absent', reason: event.reason, since: event.at }
        : { kind: 'lost', last, since: event.at };
    }
    case 'refused':
      if (isFinalView(view) || lastOf(view) !== null) return view;
      return { kind: 'refused', reason: event.reason, since: event.at };
    case 'deadline_passed':
      if (isFinalView(view)) return view;
      return { kind: 'late', last: lastOf(view), afterMs: event.afterMs, since: event.at };
    default:
      return assertNever(event);
  }
}

function hear(view: ProcView, next: LastKnown, at: number): ProcView {
  const last = lastOf(view);
  if (last === null || next.generation > last.generation) return { kind: 'heard', last: next, again: null };
  if (next.generation < last.generation) return view;
  switch (view.kind) {
    case 'heard':
      if (last.report !== null) return view;
      // The report completes what was recorded; where it differs, what was recorded was our conclusion.
      return last.status.kind === next.status.kind && last.text === next.text
        ? { ...view, last: next }
        : { kind: 'heard', last: next, again: at };
    case 'silent':
    case 'given_up':
    case 'lost':
      return { kind: 'heard', last: next, again: at };
    case 'late': // A report that was there before does not make it ready in time.
    case 'awaited':
    case 'refused':
    case 'absent':
      return view;
    default:
      return assertNever(view);
  }
}

function lastKnownOf(report: ProcReport, heardAt: number, restartLimit: number): LastKnown {
  const status = statusOfProc(report.status, report.cause);
  return {
    status,
    text: describeProc(report, restartLimit),
    generation: report.generation,
    since: report.at,
    end: hasEndedForGood(report) ? endKindOf(report) : null,
    ends: endsOfReport(report),
    heardAt,
    report,
  };
}
