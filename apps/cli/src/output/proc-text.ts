import {
  afterEndText,
  isGone,
  procMeshStanding,
  procText,
  stopOutcomeWords,
  type Proc,
  type ProcMeshView,
  type StopProcMeshReply,
} from '@hostmesh/contract';
import { countOf, formatCount, shownLine } from '@hostmesh/core';
import { table } from './table.ts';

/** Lines of stderr that are shown of a failing rank. */
const TAIL_LINES = 5;

/** The verdict, and every rank that made the spawn fail, with the last of its stderr. */
export function procMeshText(procMesh: ProcMeshView): string {
  const lines = [`${procMesh.id}  ${procMesh.name}  ${procMeshStanding(procMesh).word}`, procMesh.summary];
  for (const { rank, hostAddress, statusText, stderrTail } of procMesh.failures) {
    lines.push(`  - rank ${rank} on ${hostAddress}: ${statusText}`);
    lines.push(...stderrTail.slice(-TAIL_LINES).map((line) => `      ${shownLine(line)}`));
  }
  if (procMesh.needsAttention) lines.push(`Seen it? hostmesh procs seen ${procMesh.id}`);
  if (procMesh.failuresTruncated) lines.push(`  … all of them: hostmesh ps ${procMesh.id} --status Failed`);
  return lines.join('\n');
}

/** A table of proc meshes. */
export const procMeshesText = (procMeshes: readonly ProcMeshView[]): string =>
  procMeshes.length === 0
    ? 'No proc meshes.'
    : table(procMeshes, [
        { title: 'id', of: ({ id }) => id },
        { title: 'name', of: ({ name }) => name },
        { title: 'mesh', of: ({ mesh }) => mesh },
        { title: 'state', of: (procMesh) => procMeshStanding(procMesh).word },
        { title: 'attention', of: ({ needsAttention, seen }) => attentionText(needsAttention, seen) },
        { title: 'spawned', of: ({ createdAt }) => createdAt },
        { title: 'what', of: ({ summary }) => summary },
      ]);

const attentionText = (isNeeded: boolean, seen: ProcMeshView['seen']): string =>
  isNeeded ? 'needed' : seen === null ? '' : `seen by ${seen.by}`;

/** A rank that failed while the others go on, in a line. */
export const failedRankText = (proc: Proc): string =>
  `rank ${proc.rank} on ${proc.hostAddress}: ${procText(proc)}`;

/** How many procs are where, for a line of progress. */
export function countsText({ counts }: ProcMeshView): string {
  const { total, Running, Stopped, Failed, Timeout, Unknown } = counts;
  const after = afterEndText(counts);
  const parts = [
    [Running, 'running'],
    [Stopped, 'ended'],
    [Failed + Timeout, 'failed'],
    [Unknown, 'not heard of'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, word]) => `${formatCount(count)} ${word}`);
  if (after !== '') shown.push(after);
  return `${countOf(total, 'proc')}: ${shown.join(', ') || 'starting'}`;
}

/** A table of procs. */
export const procsText = (procs: readonly Proc[]): string =>
  procs.length === 0
    ? 'No procs.'
    : table(procs, [
        { title: 'proc mesh', of: ({ name }) => name },
        { title: 'rank', of: ({ rank }) => String(rank) },
        { title: 'host', of: ({ hostAddress }) => hostAddress },
        { title: 'pid', of: ({ pid }) => (pid === null ? '-' : String(pid)) },
        { title: 'status', of: ({ status }) => status },
        { title: 'since', of: ({ since }) => since },
        { title: 'restarts', of: ({ restarts }) => String(restarts) },
        { title: 'what', of: procText },
        { title: 'id', of: ({ id }) => id },
      ]);

const endText = (endedBy: StopProcMeshReply['outcomes'][number]['endedBy']): string =>
  endedBy === 'asked' ? 'ended when asked' : `ended by ${endedBy ?? 'itself'}`;

/** The verdict, and every proc that is not known to have ended. */
export function stopText({ procMesh, outcomes }: StopProcMeshReply): string {
  const rest = outcomes.filter((outcome) => !isGone(outcome));
  const steps = new Map<string, number>();
  for (const { outcome, endedBy } of outcomes) {
    const step = outcome === 'stopped' ? endText(endedBy) : stopOutcomeWords[outcome];
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  return [
    `${procMesh.id}  ${procMesh.name}  ${procMeshStanding(procMesh).word}: ${formatCount(outcomes.length - rest.length)} of ${countOf(outcomes.length, 'proc')} have ended`,
    ...[...steps].map(([step, count]) => `  ${count} ${step}`),
    ...rest.map(({ rank, hostAddress, message }) => `  - rank ${rank} on ${hostAddress}: ${message}`),
  ].join('\n');
}
