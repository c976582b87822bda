import { afterEndText, byText, openEnds } from '@hostmesh/contract';
import { allOf, countOf, formatCount, oneOrMany } from '@hostmesh/core';
import type { ProcCountsRecord, ProcFailureGroupRecord, ProcMeshRecord } from '@hostmesh/db';

/** Ways to fail that a sentence names; the page has them all. */
const NAMED_GROUPS = 2;

/** What the sentence is made from. */
export type Summarised = Pick<
  ProcMeshRecord,
  'state' | 'counts' | 'ends' | 'stop' | 'failures' | 'failureCount' | 'residueCount'
>;

/** One sentence for people on how a proc mesh is doing. Its numbers add up to the number of procs. */
export function summariseProcMesh(procMesh: Summarised, groups: readonly ProcFailureGroupRecord[]): string {
  const { state, counts } = procMesh;
  switch (state) {
    case 'spawning':
      return spawning(counts, groups);
    case 'running':
      return running(counts, groups);
    case 'spawn_failed':
      return spawnFailed(procMesh);
    case 'stopping':
      return stopping(counts);
    case 'succeeded':
      return succeeded(counts);
    case 'failed':
    case 'stopped':
    case 'lost':
      return ended(procMesh, groups);
  }
}

const procs = (count: number) => countOf(count, 'proc');
const bad = (counts: ProcCountsRecord) => counts.Failed + counts.Timeout;
function spawning(counts: ProcCountsRecord, groups: readonly ProcFailureGroupRecord[]): string {
  // One that has ended with 0 was ready.
  const ready = counts.Running + counts.Stopped;
  return `${formatCount(ready)} of ${procs(counts.total)} ${oneOrMany(ready, 'is', 'are')} ready${rest([failed(counts, groups)])}.`;
}

function running(counts: ProcCountsRecord, groups: readonly ProcFailureGroupRecord[]): string {
  const { total, Running, Initializing, Stopping, Stopped, NotExist, Unknown } = counts;
  if (Running === total) return `${allOf(total, 'proc')} ${oneOrMany(total, 'runs', 'run')}.`;
  return `${formatCount(Running)} of ${procs(total)} ${oneOrMany(Running, 'runs', 'run')}${rest([
    failed(counts, groups),
    orphaned(groups),
    Stopped > orphans(groups) ? `${formatCount(Stopped - orphans(groups))} ended` : '',
    Stopping > 0 ? `${formatCount(Stopping)} ${oneOrMany(Stopping, 'is', 'are')} being stopped` : '',
    Initializing + NotExist > 0
      ? `${formatCount(Initializing + NotExist)} ${oneOrMany(Initializing + NotExist, 'is', 'are')} starting`
      : '',
    afterEndText(counts),
    Unknown > 0 ? `${formatCount(Unknown)} ${oneOrMany(Unknown, 'is', 'are')} not heard of` : '',
  ])}.`;
}

function stopping(counts: ProcCountsRecord): string {
  const ended = counts.Stopped + bad(counts);
  return `Being stopped: ${formatCount(ended)} of ${procs(counts.total)} ${oneOrMany(ended, 'has', 'have')} ended${rest([afterEndText(counts)])}.`;
}

function succeeded({ total }: ProcCountsRecord): string {
  return `${allOf(total, 'proc')} exited with 0.`;
}

/** The reason stands first: what failed, who stopped the procs, or that nobody knows; then what became of the others. */
function ended(procMesh: Summarised, groups: readonly ProcFailureGroupRecord[]): string {
  const { state, counts, ends } = procMesh;
  const { total } = counts;
  const parts = [
    { state: 'failed', text: failed(counts, groups) },
    { state: 'stopped', text: stoppedText(procMesh, groups) },
    // Those that the text of a failure names already are not told again.
    {
      state: 'lost',
      text: lostText(state === 'failed' ? counts.Unknown + counts.NotExist : openEnds(procMesh)),
    },
    { state: 'succeeded', text: ends.succeeded > 0 ? `${formatCount(ends.succeeded)} exited with 0` : '' },
  ].filter(({ text }) => text !== '');
  const first = parts.find((part) => part.state === state)?.text ?? '';
  const others = parts.flatMap((part) =>
    part.state === state || (state === 'lost' && part.state === 'failed') ? [] : [part.text],
  );
  const told = [first, ...others].join(', ');
  if (total === 1) return `${told.replace(/^(rank 0|1) /, 'The proc ')}.`;
  const whole = `${formatCount(total)} `;
  return told.startsWith(whole)
    ? `${allOf(total, 'proc')} ${told.slice(whole.length)}.`
    : `Of ${procs(total)} ${told}.`;
}

function stoppedText({ ends, stop }: Summarised, groups: readonly ProcFailureGroupRecord[]): string {
  const count = ends.stopped;
  if (count === 0) return '';
  const asOrphans = orphans(groups);
  const others = count - asOrphans;
  return [
    asOrphans > 0 ? orphaned(groups) : '',
    others > 0 ? `${formatCount(others)} ${oneOrMany(others, 'was', 'were')} stopped${byText(stop)}` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

const lostText = (count: number): string =>
  count === 0 ? '' : `${formatCount(count)} ended in a way that nobody knows`;

function spawnFailed({ counts, failures, failureCount, residueCount, stop }: Summarised): string {
  const left =
    residueCount === 0
      ? 'everything that was started has been stopped'
      : `${procs(residueCount)} may still run`;
  return `${whyFailed(failures, failureCount, counts.total, stop)}; ${left}.`;
}

function whyFailed(
  failures: Summarised['failures'],
  failureCount: number,
  total: number,
  stop: Summarised['stop'],
): string {
  const [first] = failures;
  if (first === undefined) return `The spawn was stopped${byText(stop)} before every proc was ready`;
  if (failureCount === 1) return `Rank ${first.rank} ${clause(first.statusText, 1)}`;
  const isOneCause =
    failures.length === failureCount && failures.every(({ statusText }) => statusText === first.statusText);
  if (isOneCause)
    return `${formatCount(failureCount)} of ${procs(total)} ${clause(first.statusText, failureCount)}`;
  const named = failures.slice(0, NAMED_GROUPS);
  const others = failureCount - named.length;
  const each = named.map(({ rank, statusText }) => `rank ${rank} ${clause(statusText, 1)}`);
  if (others > 0) each.push(`${formatCount(others)} more`);
  return `${formatCount(failureCount)} of ${procs(total)} failed: ${each.join(', ')}`;
}

function failed(counts: ProcCountsRecord, groups: readonly ProcFailureGroupRecord[]): string {
  const total = bad(counts);
  if (total === 0) return '';
  const named = groups.filter((group) => !isOrphaned(group)).slice(0, NAMED_GROUPS);
  const others = total - named.reduce((sum, { count }) => sum + count, 0);
  return [
    ...named.map(({ count, firstRank, statusText }) =>
      count === 1
        ? `rank ${firstRank} ${clause(statusText, 1)}`
        : `${formatCount(count)} ${clause(statusText, count)} (rank ${firstRank} first)`,
    ),
    ...(others > 0 ? [`${formatCount(others)} ${named.length > 0 ? 'more ' : ''}failed`] : []),
  ].join(', ');
}

/** The only groups that are no failures. */
const isOrphaned = ({ status }: ProcFailureGroupRecord) => status === 'Stopped';
const orphans = (groups: readonly ProcFailureGroupRecord[]) =>
  groups.filter(isOrphaned).reduce((sum, { count }) => sum + count, 0);

function orphaned(groups: readonly ProcFailureGroupRecord[]): string {
  const count = orphans(groups);
  const [first] = groups.filter(isOrphaned);
  return first === undefined ? '' : `${formatCount(count)} ${clause(first.statusText, count)}`;
}

const rest = (parts: readonly string[]) =>
  parts
    .filter((part) => part !== '')
    .map((part, index) => `${index === 0 ? ';' : ','} ${part}`)
    .join('');

/** Makes a status text the rest of a sentence: `killed by SIGKILL` is something that happened to the proc. */
function clause(statusText: string, count: number): string {
  const passive = /^(killed|stopped|not |lost|interrupted|refused)/.test(statusText);
  const text =
    count === 1
      ? statusText
      : statusText
          .replace('before it was ready', 'before they were ready')
          .replace('with its host agent', 'with their host agents')
          .replace('stopped as orphan', 'stopped as orphans');
  return passive ? `${oneOrMany(count, 'was', 'were')} ${text}` : text;
}
