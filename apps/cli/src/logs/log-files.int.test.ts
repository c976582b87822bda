import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aProc, aProcMesh } from '@hostmesh/contract/testing';
import { expect, onTestFinished, test } from 'vitest';
import { page, runWith } from '../testing/stand-in-api.ts';

const entry = (seq: number, text: string, partial = false) => ({
  seq,
  stream: 'stdout',
  at: '2026-03-01T12:00:00.000Z',
  text,
  partial,
});

const open = (text: string) => [{ stream: 'stdout', at: '2026-03-01T12:00:00.000Z', text }];
const answers = {
  'GET /proc-meshes': page(aProcMesh()),
  'GET /proc-meshes/pm_1/procs': page(aProc(), aProc({ rank: 12 })),
  'GET /procs/proc-0/logs': () => [
    { type: 'entries', entries: [entry(1, '\u001b[31mred'), entry(2, 'half', true)], open: open('10% done') },
    { type: 'entries', entries: [], open: open('99%') },
    { type: 'ended' },
  ],
  'GET /procs/proc-12/logs': () => [
    { type: 'entries', entries: [entry(1, 'x')], open: [] },
    { type: 'ended' },
  ],
};

async function temporary(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hostmesh-logs-'));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test('each rank has a file of its own, as the proc wrote it', async () => {
  const directory = join(await temporary(), 'new', 'one');
  const { code, out } = await runWith(answers, ['logs', '-f', 'workers', '--output-dir', directory], {
    isTerminal: true,
  });
  expect([code, out]).toEqual([0, '']);
  expect(await readFile(join(directory, 'rank-0.log'), 'utf8')).toBe('\u001b[31mred\nhalf99%');
  expect(await readFile(join(directory, 'rank-12.log'), 'utf8')).toBe('x\n');
});

test('a directory that cannot be is refused', async () => {
  const path = join(await temporary(), 'file');
  await writeFile(path, '');
  const { code, err } = await runWith(answers, ['logs', '-f', 'workers', '-o', path]);
  expect(code).toBe(2);
  expect(err).toContain(path);
});
