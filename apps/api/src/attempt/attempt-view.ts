import {
  ConfigPushFailure,
  MAX_INLINE_FAILURES,
  type Attempt,
  type AttemptSummary,
  type FailureGroup,
  type HostFailure,
  type HostResult,
} from '@hostmesh/contract';
import { countOf, printDuration } from '@hostmesh/core';
import type { AttemptHostRecord, AttemptRecord, Attempts, FailureRecord } from '@hostmesh/db';
import { isOwnLimit, type HostReport } from '@hostmesh/host-mesh';
import { costSentences } from './place-text.ts';
import { summariseAttempt } from './attempt-summary.ts';

/** An attempt as lists show it. */
export function attemptSummary(record: AttemptRecord): AttemptSummary {
  const { id, kind, mesh, meshId, state, counts, configDigest, parentId, retryIds, requestedBy } = record;
  return {
    id,
    kind,
    mesh,
    meshId,
    state,
    counts,
    configDigest,
    timeout: printDuration(record.timeoutMs),
    waitForHosts: printDuration(record.waitForHostsMs),
    parentId,
    retryIds,
    requestedBy,
    startedAt: record.startedAt.toISOString(),
    decidedAt: record.decidedAt?.toISOString() ?? null,
    finishedAt: record.settledAt?.toISOString() ?? null,
    durationMs: record.decidedAt === null ? null : record.decidedAt.getTime() - record.startedAt.getTime(),
    summary: [summariseAttempt(state, counts, record.reason), ...costOf(record)].join(' '),
  };
}

/** Which hosts it goes without, and what it has cost others. */
const costOf = ({ leftOut, ended, tookOver }: AttemptRecord): string[] => [
  ...(leftOut === null
    ? []
    : [`It goes without ${countOf(leftOut.total, 'host')} of the attempt that it retries.`]),
  ...costSentences({ ended, tookOver }).map((sentence) => `${sentence}.`),
];

/** An attempt with its failing hosts: `failures` in rank order, up to the limit of the contract. */
export function attemptView(
  record: AttemptRecord,
  failures: readonly HostFailure[],
  failureGroups: readonly FailureGroup[],
): Attempt {
  const truncated = record.counts.failed > MAX_INLINE_FAILURES;
  return {
    ...attemptSummary(record),
    failures: failures.slice(0, MAX_INLINE_FAILURES),
    ...(truncated && { failuresTruncated: true }),
    failureGroups: [...failureGroups],
    leftOut: record.leftOut,
    ended: record.ended,
    tookOver: record.tookOver,
  };
}

/** An attempt as it is recorded, with its failing hosts. */
export async function storedAttempt(attempts: Attempts, record: AttemptRecord): Promise<Attempt> {
  const [failing, groups] = await Promise.all([
    attempts.hosts(record.id, { state: 'failed', limit: MAX_INLINE_FAILURES }),
    attempts.failureGroups(record.id),
  ]);
  return attemptView(record, failing.ok ? failuresOf(failing.value.items) : [], groups);
}

/** A host's row as a stored one and as one of the engine's: both hold the same, in the same words. */
export function hostResult(host: AttemptHostRecord): HostResult {
  return {
    ...host,
    failure: host.failure === null ? null : contractFailure(host.failure),
    shadowedKeys: [...host.shadowedKeys],
    unknownKeys: [...host.unknownKeys],
  };
}

/** Stored as text of any kind, told as the contract has it: a kind that it does not have is a bug of ours. */
const contractFailure = (failure: FailureRecord) => ConfigPushFailure.parse(failure);

/** What the engine knows of a host, as it is stored. */
export const hostRecord = (report: HostReport): AttemptHostRecord => ({
  rank: report.rank,
  address: report.address,
  hostId: report.hostId,
  state: report.state,
  // A kind of failure that the contract does not have must not be stored: it could not be told.
  failure: report.failure satisfies ConfigPushFailure | null,
  restore: report.restore,
  connectMs: report.connectMs,
  ackMs: report.ackMs,
  shadowedKeys: report.shadowedKeys,
  unknownKeys: report.unknownKeys,
  tookOverFrom: report.tookOverFrom?.label ?? null,
  agentVersion: report.agentVersion,
});

/** The failing ones of some hosts, in the order in which they come; none that are not to blame. */
export const failuresOf = (hosts: readonly AttemptHostRecord[]): HostFailure[] =>
  hosts.flatMap(({ rank, address, hostId, failure }) =>
    failure === null || isOwnLimit(failure)
      ? []
      : [{ rank, address, hostId, failure: contractFailure(failure) }],
  );

/** Failing hosts by cause, the most frequent first. */
export function pushFailureGroups(failures: readonly HostFailure[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const { address, failure } of failures) {
    const code = ('code' in failure ? failure.code : null) ?? null;
    const key = `${failure.kind} ${code}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, {
        kind: failure.kind,
        code,
        message: failure.message,
        count: 1,
        firstAddress: address,
      });
    } else group.count += 1;
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
