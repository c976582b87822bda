import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeProc } from '@hostmesh/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOver, isReady, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf } from './testing/proc-fixtures.ts';

/** Starts two processes that leave its session, as daemons do, and goes on with the rest. */
const withDaemons = (mark: string, rest: string, daemon = 'sleep 1000') =>
  shell(
    `for n in 1 2; do setsid sh -c '${daemon}; : ${mark}' <&- >&- 2>&- & done; ` +
      `until [ "$(pgrep -fc '[:] ${mark}')" -ge 2 ]; do sleep 0.02; done; ${rest}`,
  );
const stubborn = 'trap "" TERM; while :; do sleep 0.1; done';
const stopOf = (procId: string) => ({
  type: 'stop_procs' as const,
  id: '',
  procMeshId: 'mesh-1',
  procIds: [procId],
  cause: 'requested' as const,
  causeText: 'x',
  stepMs: 300,
});
const waits = 'trap "exit 0" TERM; while :; do sleep 0.1; done';

// By cgroup wherever this machine has one to write to, and by group, session and environment anywhere.
describe.each([
  ['by cgroup', []],
  ['by environment', ['--cgroup', 'none']],
] as const)('whatever a process has started belongs to its proc, told %s', (how, args) => {
  let dir = '';
  let agent: ProcAgent;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'members-'));
    agent = await startProcAgent({ dataDir: join(dir, 'shared'), args });
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });

  test('the agent says how it tells them', () => {
    const { kind, detail } = agent.connection.hello.containment;
    if (how === 'by environment') expect(kind).toBe('environment');
    expect(detail).toMatch(kind === 'cgroup' ? /^\/.*hostmesh-host_/ : /./);
    expect(agent.process.log).toContainEqual(expect.objectContaining({ containment: { kind, detail } }));
  });

  test('a leader that has ended while others live says so, is not forgotten, and a stop ends them', async () => {
    const mark = randomUUID();
    await agent.spawn([specOf('daemons', { command: withDaemons(mark, 'exit 0', stubborn) })]);
    const left = await agent.until('daemons', ({ leftover }) => leftover > 0);
    expect(left).toMatchObject({ status: { kind: 'Stopped', exitCode: 0 }, exit: { code: 0 } });
    expect(describeProc(left)).toMatch(/^exited with code 0; \d processes of it still run$/);
    const forget = { type: 'forget_procs' as const, id: '', procMeshId: 'mesh-1', procIds: ['daemons'] };
    expect(await agent.ask(forget, 'procs_forgotten')).toMatchObject({ count: 0 });
    const usage = await agent.ask({ type: 'get_usage', id: '', procIds: ['daemons'] }, 'usage');
    expect(usage.procs[0]?.processes).toBeGreaterThanOrEqual(2);
    await agent.ask(stopOf('daemons'), 'procs_stopping');
    const end = await agent.until('daemons', (report) => isOver(report) && report.leftover === 0);
    expect(end).toMatchObject({ status: { exitCode: 0 }, endedBy: 'SIGKILL' });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('a stop ends those that have left the group, and has ended when they have', async () => {
    const mark = randomUUID();
    await agent.spawn([specOf('setsid', { command: withDaemons(mark, waits) })]);
    await agent.until('setsid', isReady);
    await expect.poll(() => pidsWith(mark).length).toBeGreaterThanOrEqual(3);
    await agent.ask(stopOf('setsid'), 'procs_stopping');
    expect(await agent.until('setsid', isOver)).toMatchObject({ endedBy: 'SIGTERM', leftover: 0 });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('a restart finds nothing left of the run before', async () => {
    const mark = randomUUID();
    const restart = {
      policy: 'on_failure',
      limit: 2,
      backoffMs: 1,
      maxBackoffMs: 1,
      resetAfterMs: 1e6,
    } as const;
    const command = withDaemons(mark, `echo "$(pgrep -fc '[:] ${mark}')"; exit 1`);
    await agent.spawn([specOf('again', { command, restart })]);
    await agent.until('again', ({ restarts, leftover }) => restarts.count === 2 && leftover > 0);
    const [first, ...others] = await agent.stdout('again');
    expect(others).toEqual([first, first]);
    await agent.drain();
    expect(pidsWith(mark)).toEqual([]);
  });

  test('they end with the agent, and with its next one after a kill; what is kept goes on and is found', async () => {
    const mark = randomUUID();
    const own = { dataDir: join(dir, 'killed'), args };
    await using first = await startProcAgent(own);
    await first.spawn([specOf('gone', { command: withDaemons(mark, waits) })], { procMeshId: 'gone' });
    await first.until('gone', isReady);
    await first.spawn([specOf('kept', { command: withDaemons(`${mark}-kept`, 'exit 0') })], { keep: true });
    await first.until('kept', ({ leftover }) => leftover > 0);
    const { detail, kind } = first.connection.hello.containment;
    first.process.child.kill('SIGKILL');
    await first.process.ended;
    await using second = await startProcAgent(own);
    expect(await second.until('gone', isOver)).toMatchObject({ leftover: 0 });
    expect(pidsWith(mark).sort()).toEqual(pidsWith(`${mark}-kept`).sort());
    expect(await second.until('kept', ({ leftover }) => leftover > 0)).toMatchObject({
      status: { exitCode: 0 },
    });
    if (kind === 'cgroup')
      expect(readdirSync(detail, { withFileTypes: true }).filter((each) => each.isDirectory())).toHaveLength(
        1,
      );
    await second.drain();
    expect(pidsWith(mark)).toEqual([]);
    const last = randomUUID();
    await second.spawn([specOf('left', { command: withDaemons(last, 'exit 0') })]);
    await second.until('left', ({ leftover }) => leftover > 0);
    second.process.child.kill('SIGTERM');
    await second.process.ended;
    expect(pidsWith(last)).toEqual([]);
    if (kind === 'cgroup') expect(existsSync(detail)).toBe(false);
  });
});
