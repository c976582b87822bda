import { RESTART_MARK } from '@hostmesh/core';
import type { ProcFailureGroupRecord, ProcFailureRecord } from './proc-record.ts';

/** Groups that are told of; a proc mesh may fail in more ways. */
export const MAX_GROUPS = 20;

/** Failing procs by cause, whatever their restarts, the most frequent first: what a person reads first. */
export function groupFailures(
  failures: readonly Pick<
    ProcFailureRecord,
    'status' | 'statusText' | 'startFault' | 'exitCode' | 'signal' | 'rank' | 'stderrTail'
  >[],
): ProcFailureGroupRecord[] {
  const groups = new Map<string, ProcFailureGroupRecord>();
  for (const { status, statusText, startFault, exitCode, signal, rank, stderrTail } of failures) {
    const [why = statusText] = statusText.split(RESTART_MARK);
    const key = JSON.stringify([status, why, exitCode, signal]);
    const group = groups.get(key);
    if (group !== undefined) group.count += 1;
    else
      groups.set(key, {
        status,
        statusText: why,
        startFault,
        exitCode,
        signal,
        count: 1,
        firstRank: rank,
        stderrTail,
      });
  }
  return [...groups.values()]
    .sort((a, b) => b.count - a.count || a.firstRank - b.firstRank)
    .slice(0, MAX_GROUPS);
}
