import {
  hostResultWord,
  ineffectiveKeys,
  keysWithoutEffectText,
  restoreWords,
  stateWord,
  withoutEffectText,
  worstFirst,
  type Attempt,
  type AttemptSummary,
  type HostResult,
  type PreflightReply,
} from '@hostmesh/contract';
import { countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { table } from './table.ts';

/** The verdict, the counts, and every failing host with its cause. */
export function attemptText(attempt: Attempt): string {
  const lines = [
    `${attempt.id}  ${attempt.mesh}  ${attempt.state}`,
    attempt.summary,
    ...attempt.failures.map(({ address, failure }) => `  - ${address}: ${failure.message}`),
  ];
  if (attempt.counts.withoutEffect > 0)
    lines.push(`  … which keys on which: hostmesh attempts hosts ${attempt.id} --without-effect`);
  for (const { code, message } of attempt.failureGroups)
    if (code === 'own_limit') lines.push(`  - no host is to blame: ${message}`);
  if (attempt.failuresTruncated)
    lines.push(`  … all of them: hostmesh attempts hosts ${attempt.id} --state failed`);
  if (attempt.leftOut !== null)
    lines.push(...attempt.leftOut.hosts.map(({ address }) => `  - left out: ${address}`));
  if (attempt.state === 'failed') {
    lines.push(`Try again: hostmesh attempts retry ${attempt.id}`);
    if (attempt.kind === 'attach' && attempt.counts.installed > 0)
      lines.push(`Without the failed: hostmesh attempts retry ${attempt.id} --only installed`);
  }
  return lines.join('\n');
}

/** A table of attempts. */
export const attemptsText = (attempts: readonly AttemptSummary[]): string =>
  attempts.length === 0
    ? 'No attempts yet. Start one with `hostmesh attach`.'
    : table(attempts, [
        { title: 'id', of: ({ id }) => id },
        { title: 'mesh', of: ({ mesh }) => mesh },
        { title: 'state', of: ({ state }) => stateWord(state) },
        { title: 'installed', of: ({ counts }) => `${counts.installed} of ${counts.total}` },
        { title: 'failed', of: ({ counts }) => String(counts.failed) },
        { title: 'without effect', of: ({ counts }) => withoutEffectText(counts) },
        { title: 'started', of: ({ startedAt }) => startedAt },
        { title: 'by', of: ({ requestedBy }) => requestedBy },
      ]);

/** A table of what came of each host. */
export const hostResultsText = (hosts: readonly HostResult[]): string =>
  table(hosts, [
    { title: 'rank', of: ({ rank }) => String(rank) },
    { title: 'address', of: ({ address }) => address },
    { title: 'state', of: hostResultWord },
    { title: 'cause', of: ({ failure }) => (failure === null ? '' : `${failure.kind}: ${failure.message}`) },
    { title: 'restore', of: ({ restore }) => (restore === null ? '' : restoreText(restore)) },
    { title: 'without effect', of: (host) => keysWithoutEffectText(ineffectiveKeys(host)) },
    { title: 'ack ms', of: ({ ackMs }) => (ackMs === null ? '' : ackMs.toFixed(0)) },
  ]);

function restoreText(restore: NonNullable<HostResult['restore']>): string {
  if (restore.kind === 'residue') return `residue: ${restore.reason}`;
  return restore.kind === 'restored' && restore.lateInstall
    ? 'restored (had installed late)'
    : restoreWords[restore.kind];
}

/** The verdict, what each host would be sent, and what to look at before it is; what is wrong first. */
export function preflightText({ counts, digest, hosts, verdict }: PreflightReply): string {
  const said = verdict.sentences.filter((sentence) => sentence !== verdict.summary);
  const rows = table(worstFirst(hosts), [
    { title: 'rank', of: ({ rank }) => String(rank) },
    { title: 'address', of: ({ address }) => address },
    { title: 'host', of: ({ hostId }) => hostId ?? '-' },
    { title: 'agent', of: ({ agentVersion }) => agentVersion ?? '-' },
    { title: 'changes', of: ({ changes, reachable }) => (reachable ? String(changes.length) : '-') },
    {
      title: 'shadowed',
      of: ({ shadowedKeys }) => shadowedKeys.map(({ key, layer }) => `${key} by ${layer}`).join(', '),
    },
    {
      title: 'to look at',
      of: ({ failure, warnings }) => [failure?.message ?? '', ...warnings].filter(Boolean).join('; '),
    },
  ]);
  return [
    verdict.summary,
    ...said,
    `${formatCount(counts.reachable)} of ${countOf(counts.total, 'host')} ${oneOrMany(counts.reachable, 'answers', 'answer')}.`,
    `snapshot ${digest}`,
    '',
    rows,
  ].join('\n');
}
