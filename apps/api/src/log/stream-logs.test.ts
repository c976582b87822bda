import { ok } from '@hostmesh/core';
import type { ProcRecord } from '@hostmesh/db';
import type { LogsAnswer } from '@hostmesh/host-mesh';
import { expect, test } from 'vitest';
import { streamLogs, type FollowDeps, type Followed } from './stream-logs.ts';

const entry = (seq: number, stream: 'stdout' | 'stderr') => ({
  seq,
  stream,
  at: 0,
  text: `line ${seq}`,
  partial: false,
});
type OpenOutput = LogsAnswer['open'][number];
/** Its host knows these, and tells two at a time. */
const depsOf = (
  entries: readonly ReturnType<typeof entry>[],
  open: readonly OpenOutput[] = [],
): FollowDeps => ({
  procs: { get: async () => undefined, logs: async () => undefined },
  reader: {
    page: async () => ({
      entries: [],
      open: [],
      gaps: [],
      lastSeq: 2,
      newestSeq: 2,
      ended: false,
      source: 'host',
    }),
  },
  source: {
    fetch: async (_proc, { after }) => {
      const page = entries.slice(after ?? 0, (after ?? 0) + 2);
      return ok({
        kind: 'logs',
        entries: page,
        open: [...open],
        openVersion: 1,
        firstSeq: 1,
        lastSeq: entries.length,
        ended: true,
      });
    },
  },
});
// As much of a proc as is looked at.
const proc = { id: 'workers-1-0' } as ProcRecord;

async function follow(deps: FollowDeps, after: number | undefined) {
  const told: Followed[] = [];
  const range = { after, limit: 1000, stream: 'stderr' as const };
  for await (const each of streamLogs(deps, proc, range, new AbortController().signal)) told.push(each);
  return told.map(({ seq, event }) => [
    seq,
    event?.type === 'entries' ? event.entries.map((each) => each.seq) : event?.type,
  ]);
}

test('what comes of the other stream moves the id on', async () => {
  const deps = depsOf([
    entry(1, 'stdout'),
    entry(2, 'stdout'),
    entry(3, 'stderr'),
    entry(4, 'stdout'),
    entry(5, 'stdout'),
  ]);
  expect(await follow(deps, 0)).toEqual([
    [2, []],
    [4, [3]],
    [5, []],
    [5, 'ended'],
  ]);
});

test('last lines that are all of the other stream are not read again after a break', async () => {
  const deps = depsOf([entry(1, 'stdout'), entry(2, 'stdout'), entry(3, 'stderr')]);
  expect(await follow(deps, undefined)).toEqual([
    [2, []],
    [3, [3]],
    [3, 'ended'],
  ]);
});

test('what is open is told after the last entries, only of the stream that is followed, and once', async () => {
  const open: OpenOutput[] = [
    { stream: 'stdout', at: 0, text: 'Password: ' },
    { stream: 'stderr', at: 0, text: '50%' },
  ];
  const deps = depsOf([entry(1, 'stderr'), entry(2, 'stderr'), entry(3, 'stderr')], open);
  const told: unknown[] = [];
  for await (const { event } of streamLogs(
    deps,
    proc,
    { after: 0, limit: 9, stream: 'stderr' },
    new AbortController().signal,
  ))
    if (event?.type === 'entries') told.push(event.open.map(({ text }) => text));
  expect(told).toEqual([[], ['50%']]);
});

test('what has ended and is stored needs no host', async () => {
  const stored = [entry(1, 'stderr'), entry(2, 'stderr')].map((each) => ({ ...each, at: new Date(0) }));
  const deps: FollowDeps = {
    ...depsOf([]),
    procs: {
      get: async () => undefined,
      logs: async () => ({ entries: stored, open: [], gaps: [], lastSeq: 2, ended: true }),
    },
    source: { fetch: () => expect.unreachable() },
  };
  const told: Followed[] = [];
  const range = { after: 0, limit: 1000, stream: undefined };
  const signal = new AbortController().signal;
  for await (const each of streamLogs(deps, { ...proc, logEnded: true }, range, signal)) told.push(each);
  expect(told.map(({ seq, event }) => [seq, event?.type])).toEqual([
    [2, 'entries'],
    [2, 'ended'],
  ]);
});
