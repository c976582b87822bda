import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { readProcess } from '../processes/processes.ts';
import { readyProc } from '../testing/proc-fixtures.ts';
import { Members } from '../processes/members.ts';
import { UsageMeter } from './usage.ts';

test('usage is of the whole group, and CPU is per second of one core', async () => {
  const child = spawn('/bin/sh', ['-c', 'while :; do :; done & while :; do :; done'], { detached: true });
  try {
    const pid = child.pid ?? 0;
    const startTicks = readProcess(pid)?.startTicks ?? 0;
    const run = {
      pid,
      startTicks,
      startedAtMs: 0,
      readyAtMs: null,
      address: null,
      configDigest: null,
      adopted: false,
    };
    const proc = { ...readyProc, state: { kind: 'running' as const, run } };
    const meter = new UsageMeter(new Members('host_1', null));
    const leaderMs = () => readProcess(pid)?.cpuMs ?? 0;
    const patience = { timeout: 20_000 };
    await expect.poll(leaderMs, patience).toBeGreaterThan(50);
    const leaderFirstMs = leaderMs();
    const [first] = meter.measure([proc], 0, 1000);
    expect(first).toMatchObject({ procId: 'proc-1', cpuPercent: null, processes: 2 });
    expect(first?.rssBytes).toBeGreaterThan(100_000);
    // No process has more CPU time than time goes by: the look that served the first measurement is too old by then.
    await expect.poll(leaderMs, patience).toBeGreaterThan(leaderFirstMs + 300);
    const [second] = meter.measure([proc], 0, 2000);
    expect(second?.cpuMs).toBeGreaterThan(first?.cpuMs ?? 0);
    expect(second?.cpuPercent).toBeCloseTo(((second?.cpuMs ?? 0) - (first?.cpuMs ?? 0)) / 10);
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await once(child, 'exit');
  }
});
