import type { AgentChange, AgentEvent } from '@hostmesh/protocol';

/** Events of this incarnation: the number of the last one, and as many of the last as are kept for clients to resume. */
export interface EventLog {
  readonly lastSeq: number;
  readonly kept: readonly AgentEvent[];
}

/** A client that has missed more events than this gets the state instead. */
const MAX_KEPT = 1024;

export const emptyEventLog: EventLog = { lastSeq: 0, kept: [] };

/** Numbers changes and keeps them. `nowMs` is since 1970. */
export function recordChanges(
  log: EventLog,
  changes: readonly AgentChange[],
  nowMs: number,
): readonly [EventLog, readonly AgentEvent[]] {
  const events = changes.map((change, index): AgentEvent => ({
    type: 'event',
    seq: log.lastSeq + index + 1,
    at: nowMs,
    change,
  }));
  return [{ lastSeq: log.lastSeq + events.length, kept: [...log.kept, ...events].slice(-MAX_KEPT) }, events];
}

/** All events after `seq`; `undefined` when some are no longer kept, or when there never was that one. */
export function eventsAfter(log: EventLog, seq: number): readonly AgentEvent[] | undefined {
  const missed = log.lastSeq - seq;
  if (missed < 0 || missed > log.kept.length) return undefined;
  return missed === 0 ? [] : log.kept.slice(-missed);
}
