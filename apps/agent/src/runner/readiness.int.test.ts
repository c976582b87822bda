import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ProcLog, type OutputStream } from '../output/proc-log.ts';
import { whenReady } from './readiness.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'readiness-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Whether a process that writes this is ready by its output. */
async function isReadyBy(contains: string, ...output: readonly (readonly [OutputStream, string | Buffer])[]) {
  const log = new ProcLog(dir, { isNew: true });
  const ended = new AbortController();
  const sources = {
    log,
    startedAtMs: 0,
    isAdopted: false,
    descriptor: null,
    members: () => [],
    onWaiting: () => {},
  };
  const ready = whenReady({ kind: 'output', contains }, sources, ended.signal);
  for (const [stream, text] of output) log.hear(stream, Buffer.from(text));
  ended.abort();
  return (await ready) !== null;
}

test.each([
  ['without an end of line', ['now ready']],
  ['that arrives in pieces', ['no', 'w re', 'ady']],
  ['whose characters arrive in halves', [Buffer.from('für now ready').subarray(0, 2), 'r now ready']],
  ['that is rewritten at once', ['10%\rnow ready\r20%\n']],
  ['far behind in a line', ['x'.repeat(20_000), 'now ready']],
])('a text is found %s', async (_, pieces) => {
  const output = pieces.map((piece) => ['stdout', piece] as const);
  expect(await isReadyBy('now ready', ...output)).toBe(true);
});

test('a text is not put together of two lines, nor of two streams', async () => {
  expect(await isReadyBy('now ready', ['stdout', 'now \nready\n'])).toBe(false);
  expect(await isReadyBy('now ready', ['stdout', 'now rea'], ['stderr', 'dy\n'])).toBe(false);
});

test('of a process that an earlier agent has started, what that one has logged counts, and nothing from before', async () => {
  const log = new ProcLog(await mkdtemp(join(dir, 'adopted-')), { isNew: true });
  void log.add('stdout', [{ text: 'is ready', partial: false }], 10);
  void log.add('stdout', [{ text: 'goes on', partial: false }], 20);
  const sinceThen = {
    log,
    startedAtMs: 20,
    isAdopted: true,
    descriptor: null,
    members: () => [],
    onWaiting: () => {},
  };
  const found = (contains: string, signal: AbortSignal) =>
    whenReady({ kind: 'output', contains }, sinceThen, signal);
  expect(await found('goes on', new AbortController().signal)).toEqual({ address: null });
  const ended = new AbortController();
  const old = found('is ready', ended.signal);
  // Its log is read by then.
  await log.read({ after: 0, tail: null, maxBytes: 1, waitMs: 0, openVersion: null }, ended.signal);
  ended.abort();
  expect(await old).toBe(null);
});
