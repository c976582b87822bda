import { expect, test } from 'vitest';
import type { Database } from '../open.ts';
import { useTestDatabase } from '../testing/fixture.ts';
import { after, spawnProcMesh } from '../testing/proc-fixture.ts';
import type { OutputFilter } from './proc-logs.ts';
import type { LogEntryRecord } from './proc-record.ts';

const openTestDatabase = useTestDatabase();

const line = (seq: number, given: Partial<LogEntryRecord> = {}): LogEntryRecord => ({
  seq,
  stream: seq % 2 === 0 ? 'stderr' : 'stdout',
  at: after(seq),
  text: `line ${seq}`,
  partial: false,
  ...given,
});

const lines = (...seqs: number[]) => seqs.map((seq) => line(seq));

async function openWithProc(): Promise<{
  db: Database;
  proc: string;
  read: (query: Partial<OutputFilter>) => Promise<unknown>;
}> {
  const db = await openTestDatabase();
  const proc = `${(await spawnProcMesh(db)).id}-0`;
  const read = async (query: Partial<OutputFilter>) => {
    const logs = await db.procs.logs(proc, { limit: 100, ...query });
    return logs && { ...logs, entries: logs.entries.map(({ seq }) => seq) };
  };
  return { db, proc, read };
}

test('what is open is stored in place of what was, until it ends or more comes', async () => {
  const { db, proc } = await openWithProc();
  const open = (text: string) => [{ stream: 'stdout' as const, at: after(1), text }];
  const opened = async () => (await db.procs.logs(proc, { limit: 10 }))?.open;
  await db.procs.appendLogs(proc, [], open('10%'));
  expect(await opened()).toEqual(open('10%'));
  await db.procs.appendLogs(proc, [line(1)], open('20%\0'));
  expect(await opened()).toEqual(open('20%\uFFFD'));
  await db.procs.appendLogs(proc, [line(1)], null);
  expect(await opened()).toEqual(open('20%\uFFFD'));
  await db.procs.appendLogs(proc, [line(2)], null);
  expect(await opened()).toEqual([]);
  await db.procs.appendLogs(proc, [], open('30%'));
  await db.procs.markLogEnded(proc);
  expect(await opened()).toEqual([]);
});

test('output reads back as it was stored, however often it is stored', async () => {
  const { db, proc } = await openWithProc();
  const odd = line(2, { text: 'a\0\uD800\u001b[31m', partial: true });
  await db.procs.appendLogs(proc, [line(1), odd], []);
  await db.procs.appendLogs(proc, [line(1, { text: 'another' }), line(3)], []);
  expect(await db.procs.logs(proc, { limit: 10 })).toEqual({
    entries: [line(1), { ...odd, text: 'a\uFFFD\uFFFD\u001b[31m' }, line(3)],
    open: [],
    gaps: [],
    lastSeq: 3,
    ended: false,
  });
  expect(await db.procs.get(proc)).toMatchObject({ logSeq: 3, logEnded: false });
  expect(await db.procs.logs('proc_none', { limit: 10 })).toBeUndefined();
});

test('reading on from the last entry shows each once, of one stream too', async () => {
  const { db, proc, read } = await openWithProc();
  await db.procs.appendLogs(proc, lines(1, 2, 3, 4, 5), []);
  expect(await read({ after: 0, limit: 2 })).toMatchObject({ entries: [1, 2], lastSeq: 2 });
  expect(await read({ after: 2, limit: 3 })).toMatchObject({ entries: [3, 4, 5], lastSeq: 5 });
  expect(await read({ after: 5 })).toMatchObject({ entries: [], lastSeq: 5 });
  expect(await read({ after: 9 })).toMatchObject({ entries: [], lastSeq: 9 });
  expect(await read({ after: 1, limit: 1, stream: 'stderr' })).toMatchObject({ entries: [2], lastSeq: 2 });
  expect(await read({ after: 2, stream: 'stderr' })).toMatchObject({ entries: [4], lastSeq: 5 });
});

test('the tail is the last entries, oldest first', async () => {
  const { db, proc, read } = await openWithProc();
  await db.procs.appendLogs(proc, lines(1, 2, 3, 4, 5), []);
  expect(await read({ tail: 2 })).toMatchObject({ entries: [4, 5], gaps: [], lastSeq: 5 });
  expect(await read({ tail: 2, stream: 'stdout' })).toMatchObject({ entries: [3, 5], lastSeq: 5 });
  expect(await read({ tail: 0 })).toMatchObject({ entries: [], gaps: [], lastSeq: 5 });
});

test('what was never stored is named', async () => {
  const { db, proc, read } = await openWithProc();
  await db.procs.appendLogs(proc, lines(3, 4, 8, 9), []);
  expect(await read({ after: 0 })).toMatchObject({
    entries: [3, 4, 8, 9],
    gaps: [
      { afterSeq: 0, beforeSeq: 3 },
      { afterSeq: 4, beforeSeq: 8 },
    ],
  });
  expect(await read({ after: 3, limit: 1 })).toMatchObject({ entries: [4], gaps: [] });
  expect(await read({ after: 5 })).toMatchObject({ gaps: [{ afterSeq: 5, beforeSeq: 8 }] });
  expect(await read({ tail: 3 })).toMatchObject({ gaps: [{ afterSeq: 4, beforeSeq: 8 }] });
  expect(await read({ after: 3, stream: 'stdout' })).toMatchObject({
    entries: [9],
    gaps: [{ afterSeq: 4, beforeSeq: 8 }],
  });
});

test('output has ended when it was said to and all of it was read, until there is more', async () => {
  const { db, proc, read } = await openWithProc();
  await db.procs.appendLogs(proc, lines(1, 2), []);
  await db.procs.markLogEnded(proc);
  expect(await read({ after: 0, limit: 1 })).toMatchObject({ ended: false });
  expect(await read({ after: 1 })).toMatchObject({ ended: true });
  await db.procs.appendLogs(proc, lines(2), []);
  expect(await read({ after: 2 })).toMatchObject({ ended: true });
  await db.procs.appendLogs(proc, lines(3), []);
  expect(await read({ after: 2 })).toMatchObject({ entries: [3], ended: false });
});

test('a batch of more rows than one statement takes is stored whole', async () => {
  const { db, proc, read } = await openWithProc();
  const seqs = Array.from({ length: 2500 }, (_, index) => index + 1);
  await db.procs.appendLogs(proc, lines(...seqs), []);
  expect(await read({ tail: 10_000 })).toMatchObject({ entries: seqs, gaps: [] });
});
