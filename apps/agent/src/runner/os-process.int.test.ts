import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProcLog } from '../output/proc-log.ts';
import { readProcess } from '../processes/processes.ts';
import { readyProc } from '../testing/proc-fixtures.ts';
import { adoptedProcess } from './os-process.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

test('an adopted process is told to have ended within a second, and not before', async () => {
  const child = spawn('sleep', ['1000']);
  const pid = child.pid ?? 0;
  const run = { ...readyProc.state.run, pid, startTicks: readProcess(pid)?.startTicks ?? 0 };
  const dir = '/nonexistent';
  const adopted = adoptedProcess(run, dir, new ProcLog(dir, { isNew: true }), () => {});
  const exits: unknown[] = [];
  adopted.onExit((exit) => exits.push(exit));
  vi.advanceTimersByTime(10_000);
  expect(exits).toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  vi.advanceTimersByTime(1_000);
  expect(exits).toEqual([{ code: null, signal: null, coreDumped: false }]);
  await adopted.abandon();
});
