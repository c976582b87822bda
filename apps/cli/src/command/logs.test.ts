import type { LogEntry } from '@hostmesh/contract';
import { aProc, aProcMesh } from '@hostmesh/contract/testing';
import { expect, test } from 'vitest';
import { page, problem, runWith } from '../testing/stand-in-api.ts';

const entry = (seq: number, text: string, given: Partial<LogEntry> = {}): LogEntry => ({
  seq,
  stream: 'stdout',
  at: `2026-03-01T12:00:0${seq}.000Z`,
  text,
  partial: false,
  ...given,
});
const output = (...entries: LogEntry[]) => ({
  entries,
  open: [],
  gaps: [],
  lastSeq: entries.at(-1)?.seq ?? 0,
  newestSeq: entries.at(-1)?.seq ?? 0,
  ended: true,
  source: 'stored',
});

const found = {
  'GET /proc-meshes': page(aProcMesh()),
  'GET /proc-meshes/pm_1/procs': page(aProc(), aProc({ rank: 1 })),
};

test('the output of all ranks is merged by time, the rank before each line', async () => {
  const answers = {
    ...found,
    'GET /procs/proc-0/logs': () => output(entry(1, 'a'), entry(3, 'c')),
    'GET /procs/proc-1/logs': () => output(entry(2, 'b', { partial: true }), entry(4, 'd')),
  };
  const { code, out, sent } = await runWith(answers, [
    'logs',
    'workers',
    '--ranks',
    '0..2',
    '--hosts',
    '0',
    '--stream',
    'stdout',
  ]);
  expect(code).toBe(0);
  expect(out).toBe('[0] a\n[0] c\n[1] bd');
  expect(sent.find(({ route }) => route.endsWith('/procs'))?.query).toMatchObject({
    ranks: '0..2',
    hosts: '0',
  });
  expect(sent.at(-1)?.query).toMatchObject({ tail: '200', stream: 'stdout' });
});

test('one proc is shown by its id, without its rank', async () => {
  const answers = {
    'GET /proc-meshes': page(),
    'GET /procs/proc-0': () => ({
      ...aProc(),
      command: aProcMesh().command,
      usage: null,
      meshConfigDigest: null,
    }),
    'GET /procs/proc-0/logs': () => output(entry(1, 'a')),
  };
  expect((await runWith(answers, ['logs', 'proc-0'])).out).toBe('a');
  const { code, err } = await runWith({ 'GET /proc-meshes': page() }, ['logs', 'nobody']);
  expect(code).toBe(2);
  expect(err).toContain('no proc mesh or proc "nobody"');
});

test('a terminal gets control characters made visible; a pipe gets what the procs wrote', async () => {
  const text = '\u001b[31mred';
  const answers = {
    ...found,
    'GET /proc-meshes/pm_1/procs': page(aProc()),
    'GET /procs/proc-0/logs': () => output(entry(1, text)),
  };
  expect((await runWith(answers, ['logs', 'workers'], { isTerminal: true })).out).toBe('[0] \uFFFD[31mred');
  expect((await runWith(answers, ['logs', 'workers'])).out).toBe(`[0] ${text}`);
  const { out } = await runWith(answers, ['logs', 'workers', '--json'], { isTerminal: true });
  expect(JSON.parse(out)).toMatchObject({ rank: 0, seq: 1, text });
});

test('all of the output is read page by page, and what is missing is said', async () => {
  const pages: Record<string, object> = {
    '0': {
      ...output(entry(2, 'b')),
      gaps: [{ afterSeq: 0, beforeSeq: 2, reason: 'rotated away' }],
      newestSeq: 3,
    },
    '2': output(entry(3, 'c')),
  };
  const answers = {
    ...found,
    'GET /proc-meshes/pm_1/procs': page(aProc()),
    'GET /procs/proc-0/logs': ({ query }: { query: Record<string, string> }) => pages[query['after'] ?? ''],
  };
  const { out, err } = await runWith(answers, ['logs', 'workers', '--tail', 'all']);
  expect(out).toBe('[0] b\n[0] c');
  expect(err).toContain('rank 0: entries 1 to 1 are missing: rotated away');
});

test('a page without a line of the stream is not the last; what comes meanwhile is not waited for', async () => {
  const pages: Record<string, object> = {
    '0': { ...output(), lastSeq: 4, newestSeq: 7, ended: false },
    '4': { ...output(entry(6, 'oh')), lastSeq: 8, newestSeq: 9, ended: false },
  };
  const answers = {
    ...found,
    'GET /proc-meshes/pm_1/procs': page(aProc()),
    'GET /procs/proc-0/logs': ({ query }: { query: Record<string, string> }) => pages[query['after'] ?? ''],
  };
  const args = ['logs', 'workers', '--tail', 'all', '--stream', 'stderr'];
  const { code, out } = await runWith(answers, args);
  expect([code, out]).toEqual([0, '[0] oh']);
});

test('following shows what comes until it has ended, and what it is waiting for', async () => {
  const answers = {
    ...found,
    'GET /proc-meshes/pm_1/procs': page(aProc()),
    'GET /procs/proc-0/logs': () => [
      { type: 'entries', entries: [entry(1, 'a'), entry(2, 'left', { partial: true })], open: [] },
      { type: 'stalled', reason: 'the host does not answer' },
      { type: 'gap', gap: { afterSeq: 2, beforeSeq: null, reason: 'lost' } },
      { type: 'ended' },
    ],
  };
  const { code, out, err, sent } = await runWith(answers, ['logs', '-f', '--tail', '5', 'workers']);
  expect(code).toBe(0);
  expect(out).toBe('[0] a\n[0] left');
  expect(err).toContain('the host does not answer');
  expect(err).toContain('entries 3 on are missing: lost');
  expect(sent.at(-1)?.query).toEqual({ tail: '5' });
});

test('a line that has not ended is shown as far as it goes, and goes on in place', async () => {
  const at = '2026-03-01T12:00:00.000Z';
  const open = (text: string) => [{ stream: 'stdout' as const, at, text }];
  const answers = {
    ...found,
    'GET /proc-meshes/pm_1/procs': page(aProc()),
    'GET /procs/proc-0/logs': () => [
      { type: 'entries', entries: [], open: open('10%') },
      { type: 'entries', entries: [entry(1, '100%')], open: [] },
      { type: 'entries', entries: [], open: open('Continue? ') },
      { type: 'ended' },
    ],
  };
  expect((await runWith(answers, ['logs', '-f', 'workers'])).out).toBe('[0] 10%\r[0] 100%\n[0] Continue? ');
  const json = await runWith(answers, ['logs', '-f', 'workers', '--json']);
  expect(json.out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
    { open: true, text: '10%' },
    { seq: 1, text: '100%' },
    { open: true, text: 'Continue? ' },
  ]);
  const page1 = { ...output(entry(1, 'a')), open: open('more') };
  const { out } = await runWith({ ...answers, 'GET /procs/proc-0/logs': () => page1 }, ['logs', 'workers']);
  expect(out).toBe('[0] a\n[0] more');
});

test('output that is cut says so beside it, and how much there is', async () => {
  const answers = {
    ...found,
    'GET /procs/proc-0/logs': () => output(entry(8, 'a'), entry(9, 'b')),
    'GET /procs/proc-1/logs': () => output(entry(1, 'c'), entry(2, 'd')),
  };
  const stderr = async (...args: string[]) => (await runWith(answers, ['logs', 'workers', ...args])).err;
  expect(await stderr('--tail', '2')).toBe('hostmesh: the last 2 of 9 entries. All of them: --tail all');
  expect(await stderr('--tail', '2', '--stream', 'stdout')).toContain('the last 2 entries of stdout');
  expect(await stderr('--tail', 'all')).toBe('');
  expect(await stderr()).toBe('');
});

test('what cannot be is refused', async () => {
  const many = page(...Array.from({ length: 101 }, (_, rank) => aProc({ rank })));
  const refusals = [
    await runWith(found, ['logs', 'workers', '--tail', 'some']),
    await runWith(found, ['logs', 'workers', '--stream', 'stdin']),
    await runWith({ ...found, 'GET /proc-meshes/pm_1/procs': page() }, ['logs', 'workers']),
    await runWith({ ...found, 'GET /proc-meshes/pm_1/procs': many }, ['logs', '-f', 'workers']),
  ];
  expect(refusals.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
});

test('a proc whose output cannot be read is an error, after what the others wrote', async () => {
  const answers = {
    ...found,
    'GET /procs/proc-0/logs': () => output(entry(1, 'a')),
    'GET /procs/proc-1/logs': () => problem(503, 'database_unavailable'),
  };
  const { code, out } = await runWith(answers, ['logs', 'workers']);
  expect(code).toBe(3);
  expect(out).toBe('[0] a');
});
