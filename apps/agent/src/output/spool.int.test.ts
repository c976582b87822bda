import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isSoak } from '../testing/soak.ts';
import { ProcLog } from './proc-log.ts';
import { SpoolPlace } from './spool-place.ts';
import { Spool, spoolFile } from './spool.ts';

let parent = '';
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'spool-'));
});
afterAll(() => rmSync(parent, { recursive: true }));

const logFile = (dir: string) => join(dir, 'output.jsonl');
const linesFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => `line ${first + index}`);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');
const bytesOf = (file: string, lines: number) => {
  const text = readFileSync(file, 'utf8');
  return Buffer.byteLength(textOf(text.split('\n').slice(0, lines)));
};

/** What an agent does that finds the spool, until all of it is logged. */
async function logAll(dir: string): Promise<string[]> {
  const log = new ProcLog(dir, { isNew: false });
  await log.open();
  await Spool.open(dir, 'stdout', log)?.end();
  const all = { after: 0, tail: null, maxBytes: 10_000_000, waitMs: 0, openVersion: null };
  const { entries } = await log.read(all, AbortSignal.abort());
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  return entries.map(({ text }) => text);
}

/** Leaves what an agent leaves that was killed while it logged the lines after `settled`, `bytes` into that. */
function killedWhileLogging(dir: string, settled: number, all: number, bytes: number): void {
  const place = new SpoolPlace(`${spoolFile(dir, 'stdout')}.place`);
  place.settle(bytesOf(spoolFile(dir, 'stdout'), settled), 0, Buffer.alloc(0));
  place.announce(0, settled + 1, all - settled);
  place.close();
  truncateSync(logFile(dir), bytesOf(logFile(dir), settled) + bytes);
}

test('wherever agents are killed while they log, the next one has each line once', async () => {
  const kill = fc.record({
    lines: fc.integer({ min: 1, max: 20 }),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(kill, { minLength: 1, maxLength: 3 }), async (kills) => {
      const dir = mkdtempSync(join(parent, 'any-'));
      writeFileSync(spoolFile(dir, 'stdout'), '');
      let logged = 0;
      for (const { lines, at } of kills) {
        appendFileSync(spoolFile(dir, 'stdout'), textOf(linesFrom(logged + 1, lines)));
        const settled = logged;
        logged += lines;
        expect(await logAll(dir)).toEqual(linesFrom(1, logged));
        const bytes = bytesOf(logFile(dir), logged) - bytesOf(logFile(dir), settled);
        killedWhileLogging(dir, settled, logged, Math.round(at * bytes));
      }
      expect(await logAll(dir)).toEqual(linesFrom(1, logged));
    }),
    { numRuns: isSoak ? 100 : 20 },
  );
});

test('a last line without an end is logged once, and so is what follows it', async () => {
  const dir = mkdtempSync(join(parent, 'unended-'));
  writeFileSync(spoolFile(dir, 'stdout'), 'one\ntwo');
  expect(await logAll(dir)).toEqual(['one', 'two']);
  appendFileSync(spoolFile(dir, 'stdout'), 'three\n');
  expect(await logAll(dir)).toEqual(['one', 'two', 'three']);
});

test('a file that its process has emptied is read anew, and so is all that follows', async () => {
  const dir = mkdtempSync(join(parent, 'emptied-'));
  const file = spoolFile(dir, 'stdout');
  writeFileSync(file, textOf(linesFrom(1, 100)) + 'unended');
  const log = new ProcLog(dir, { isNew: true });
  const spool = Spool.open(dir, 'stdout', log);
  await expect.poll(() => log.lastSeq).toBe(100);
  // As `> /dev/stdout` does.
  writeFileSync(file, 'via device\n');
  await expect.poll(() => log.lastSeq).toBe(102);
  appendFileSync(file, 'after\n');
  await expect.poll(() => log.lastSeq).toBe(103);
  await spool?.abandon();
  appendFileSync(file, 'last\n');
  expect(await logAll(dir)).toEqual([...linesFrom(1, 100), 'unended', 'via device', 'after', 'last']);
});

test('a line that has not ended is shown, and goes on with the next agent, even where the spool was emptied in it', async () => {
  const dir = mkdtempSync(join(parent, 'open-'));
  const file = spoolFile(dir, 'stdout');
  // Enough for the spool to be emptied once it is read.
  writeFileSync(file, textOf(Array.from({ length: 140 }, () => 'x'.repeat(8000))) + 'Continue? [y');
  const log = new ProcLog(dir, { isNew: true });
  const spool = Spool.open(dir, 'stdout', log);
  const openNow = async () => {
    const { open } = await log.read(
      { after: log.lastSeq, tail: null, maxBytes: 1, waitMs: 0, openVersion: null },
      AbortSignal.abort(),
    );
    return open.map(({ text }) => text);
  };
  await expect.poll(openNow).toEqual(['Continue? [y']);
  expect(readFileSync(file, 'utf8')).toBe('');
  await spool?.abandon();
  appendFileSync(file, '/n] yes\n10%\r20%');
  expect((await logAll(dir)).slice(140)).toEqual(['Continue? [y/n] yes', '20%']);
});

test('a spool that was let go of logs nothing more', async () => {
  const dir = mkdtempSync(join(parent, 'left-'));
  const file = spoolFile(dir, 'stdout');
  writeFileSync(file, textOf(linesFrom(1, 50_000)));
  const log = new ProcLog(dir, { isNew: true });
  const spool = Spool.open(dir, 'stdout', log);
  await expect.poll(() => log.lastSeq).toBeGreaterThan(0);
  await spool?.abandon();
  const { lastSeq } = log;
  expect(bytesOf(logFile(dir), lastSeq)).toBe(Buffer.byteLength(readFileSync(logFile(dir), 'utf8')));
  appendFileSync(file, 'last\n');
  expect(await logAll(dir)).toEqual([...linesFrom(1, 50_000), 'last']);
});
