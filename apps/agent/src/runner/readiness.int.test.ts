import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LineSplitter } from '../output/line-splitter.ts';
import { ProcLog, type OutputStream } from '../output/proc-log.ts';
import { whenReady } from './readiness.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'readiness-'));
});
afterAll(() => rm(dir, { recursive: true }));

/** Whether a process that writes this is ready by its output. */
async function isReadyBy(contains: string, ...output: readonly (readonly [OutputStream, string])[]) {
  const log = new ProcLog(dir, { isNew: true });
  const ended = new AbortController();
  const sources = { log, startedAtMs: 0, descriptor: null };
  const ready = whenReady({ kind: 'output', contains }, sources, ended.signal);
  const splitters = { stdout: new LineSplitter(), stderr: new LineSplitter() };
  for (const [stream, text] of output) void log.add(stream, splitters[stream].push(Buffer.from(text)), 0);
  await log.written();
  ended.abort();
  return (await ready) !== null;
}

test.each([8180, 8184, 8190, 8192, 2 * 8192 - 4])(
  'a text is found wherever a long line is cut: after %i',
  async (at) => {
    const filler = 'x'.repeat(at);
    expect(await isReadyBy('now ready', ['stdout', `${filler}now ready\n`])).toBe(true);
    expect(await isReadyBy('!', ['stdout', `${filler}!\n`])).toBe(true);
  },
);

test('a text is not put together of two lines, nor of two streams', async () => {
  expect(await isReadyBy('now ready', ['stdout', 'now \nready\n'])).toBe(false);
  const piece = `${'x'.repeat(8188)}now `;
  expect(await isReadyBy('now ready', ['stdout', `${piece}rea`], ['stderr', 'ready\n'])).toBe(false);
});
