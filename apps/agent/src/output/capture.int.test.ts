import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { capture, ReadingPace } from './capture.ts';
import { ProcLog } from './proc-log.ts';

let parent = '';
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'capture-'));
});
afterAll(() => rm(parent, { recursive: true }));

const newLog = async () => new ProcLog(await mkdtemp(join(parent, 'log-')), { isNew: true });
const LINES = 60_000;
const much = Array.from({ length: LINES }, (_, index) => `${index + 1}\n`).join('');

test('all of what a process has written is read when it has ended, however busy the agent was with output', async () => {
  const log = await newLog();
  const pipe = new PassThrough({ highWaterMark: 10 * much.length });
  const reading = capture(pipe, 'stdout', log, new ReadingPace());
  pipe.end(much);
  await reading.finish();
  expect(log.lastSeq).toBe(LINES);
});

test('a pipe that something holds open is let go of once nothing comes', async () => {
  const log = await newLog();
  const pipe = new PassThrough();
  const reading = capture(pipe, 'stdout', log, new ReadingPace());
  pipe.write('last words');
  await reading.finish();
  expect(log.lastSeq).toBe(1);
  expect(pipe.destroyed).toBe(true);
});
