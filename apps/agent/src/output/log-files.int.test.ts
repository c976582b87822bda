import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSoak } from '../testing/soak.ts';
import { LogFiles } from './log-files.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'log-files-'));
});
afterAll(() => rm(dir, { recursive: true }));

const recordOf = (seq: number, chars: number) => ({
  seq,
  json: JSON.stringify({ seq, stream: 'stdout', at: 0, text: 'ä'.repeat(chars), partial: false }),
});
const seqsOf = (lines: readonly string[]) => lines.map((line) => Number(/\d+/.exec(line)?.[0]));

test('whatever is asked for, the answer starts right after it and has no gap, over both files and a new start', async () => {
  const own = await mkdtemp(join(dir, 'any-'));
  const files = new LogFiles(own, undefined, 300_000);
  await files.open();
  let last = 0;
  for (let batch = 0; batch < 200; batch += 1) {
    const records = Array.from({ length: 1 + (batch % 7) }, () => recordOf((last += 1), (batch * 37) % 3000));
    await files.append(records);
  }
  const reopened = new LogFiles(own, undefined, 300_000);
  expect(await reopened.open()).toBe(last);
  expect(reopened.firstSeq).toBe(files.firstSeq);
  const first = files.firstSeq ?? 0;
  expect(first).toBeGreaterThan(1);
  await fc.assert(
    fc.asyncProperty(fc.nat(last), fc.integer({ min: 1, max: 200_000 }), async (after, maxBytes) => {
      const seqs = seqsOf(await reopened.read(after, maxBytes));
      const from = Math.max(after + 1, first);
      expect(seqs).toEqual(seqs.map((_, index) => from + index));
      expect(seqs.length > 0).toBe(after < last);
    }),
    { numRuns: isSoak ? 60 : 20 },
  );
});

test('a disk that cannot be written to costs output and no more', async () => {
  const files = new LogFiles(join(dir, 'nowhere'));
  expect(await files.open()).toBe(0);
  await files.append([recordOf(1, 1)]);
  expect(files.fault).toMatchObject({ code: 'ENOENT' });
  expect(files.pendingChars).toBe(0);
});

test('what the disk did not take is written once it does, the last of it; that, and what is missing from the numbers, is told once', async () => {
  const own = join(dir, 'later');
  const told: unknown[] = [];
  const files = new LogFiles(own, {
    failed: () => told.push('failed'),
    mended: (missing) => told.push(missing),
  });
  await files.open();
  for (let seq = 1; seq <= 40; seq += 1) await files.append([recordOf(seq, 10_000)]);
  expect(files.pendingChars).toBe(0);
  await mkdir(own);
  await files.append([recordOf(41, 10)]);
  expect(files.fault).toBeNull();
  const seqs = seqsOf(await files.read(0, 10_000_000));
  expect(seqs[0]).toBeGreaterThan(1);
  expect(seqs).toEqual(seqs.map((_, index) => 41 - seqs.length + 1 + index));
  expect(seqs.length).toBeGreaterThan(20);
  const count = 41 - seqs.length;
  expect(told).toEqual(['failed', `${count} lines missing, from 1 to ${count}`]);
});

test('files that cannot be read cost output and no more', async () => {
  const own = await mkdtemp(join(dir, 'damaged-'));
  await mkdir(join(own, 'output.jsonl'));
  const files = new LogFiles(own);
  expect(await files.open()).toBe(0);
  expect(files.fault).toMatchObject({ code: 'EISDIR' });
  await files.append([recordOf(1, 1)]);
  expect(files.pendingChars).toBe(0);
  expect(await files.read(0, 1000)).toEqual([]);
});
