import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProcLog } from './proc-log.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'proc-log-'));
});
afterAll(() => rm(dir, { recursive: true }));

const all = { after: 0, tail: null, maxBytes: 10_000_000, waitMs: 0, openVersion: null };

async function readSeqs(log: ProcLog): Promise<number[]> {
  const seqs: number[] = [];
  for (;;) {
    // Each page begins where the one before ended.
    const { entries } = await log.read({ ...all, after: seqs.at(-1) ?? 0 }, AbortSignal.abort());
    if (entries.length === 0) return seqs;
    seqs.push(...entries.map(({ seq }) => seq));
  }
}

test('while the disk takes nothing, what it has and what memory has can be read; later all but the gap', async () => {
  const own = join(dir, 'proc');
  const away = join(dir, 'away');
  await mkdir(own);
  const log = new ProcLog(own, { isNew: true });
  const add = async (text: string) => {
    void log.add('stdout', [{ text, partial: false }], 0);
    await log.written();
  };
  await add('first');
  await rename(own, away);
  // More than memory holds.
  for (let count = 0; count < 60; count += 1) await add('x'.repeat(8000));
  await rename(away, own);
  expect(log.fault).not.toBeNull();
  const full = await readSeqs(log);
  expect(full[0]).toBe(1);
  expect(full[1]).toBeGreaterThan(2);
  await add('last');
  expect(log.fault).toBeNull();
  log.close();
  const later = await readSeqs(log);
  expect(later).toEqual([
    1,
    ...Array.from({ length: later.length - 1 }, (_, n) => 62 - later.length + 2 + n),
  ]);
  expect(later.length).toBeGreaterThan(25);
});
