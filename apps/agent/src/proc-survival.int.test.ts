import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOver, isReady, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf } from './testing/proc-fixtures.ts';

let dir = '';
let dataDir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'agent-survival-'));
  dataDir = join(dir, 'data');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** A process with a child in its group, both of which can be told by the mark. */
const family = (mark: string) => shell(`sh -c 'sleep 1000; : ${mark}' & echo up; wait # ${mark}`);
const up = { kind: 'output', contains: 'up' } as const;
const always = { policy: 'always', limit: 5, backoffMs: 10, maxBackoffMs: 10, resetAfterMs: 60_000 } as const;

async function killed(agent: ProcAgent): Promise<void> {
  agent.process.child.kill('SIGKILL');
  await agent.process.ended;
}

const end = (agent: ProcAgent) => agent.ask({ type: 'drain_host', id: '' }, 'drained');

describe('when its agent is killed', () => {
  test.each([
    ['by the parent-death signal and the reaper', {}],
    ['by the reaper alone', { HYPERACTOR_MESH_BOOTSTRAP_ENABLE_PDEATHSIG: '0' }],
  ])('a proc dies with it, and its children, %s; the next agent says so', async (_how, env) => {
    const mark = `mark-${randomUUID()}`;
    await using first = await startProcAgent({ dataDir, env });
    await first.spawn([specOf('p', { command: family(mark), readiness: up })]);
    const { generation } = await first.until('p', isReady);
    expect(pidsWith(mark)).toHaveLength(2);
    await killed(first);
    await expect.poll(() => pidsWith(mark), { timeout: 5_000 }).toEqual([]);
    await using second = await startProcAgent({ dataDir, env });
    const report = await second.until('p', isOver);
    expect(report).toMatchObject({
      status: { kind: 'Failed', reason: 'ended with its host agent' },
      cause: 'agent_ended',
      pid: expect.any(Number),
    });
    expect(report.generation).toBeGreaterThan(generation);
  });

  test('a reaper that was killed before does not let anybody off', async () => {
    const mark = `mark-${randomUUID()}`;
    const env = { HYPERACTOR_MESH_BOOTSTRAP_ENABLE_PDEATHSIG: '0' };
    await using agent = await startProcAgent({ dataDir, env });
    await agent.spawn([specOf('p', { command: family(mark), readiness: up })]);
    await agent.until('p', isReady);
    const reapers = () => childrenOf(agent.process.child.pid ?? 0, 'hostmesh-reaper');
    const [reaper] = await reapers();
    process.kill(reaper ?? 0, 'SIGKILL');
    await expect.poll(async () => (await reapers()).filter((pid) => pid !== reaper)).toHaveLength(1);
    await killed(agent);
    await expect.poll(() => pidsWith(mark), { timeout: 5_000 }).toEqual([]);
  });

  test('a kept proc goes on, with what it writes, and the next agent adopts it', async () => {
    await using first = await startProcAgent({ dataDir });
    const script = 'n=0; trap "exit 7" TERM; while :; do n=$((n+1)); echo line $n; sleep 0.05; done';
    const kept = specOf('kept', {
      command: shell(script),
      readiness: { kind: 'output', contains: 'line 3' },
    });
    await first.spawn([kept], { keep: true });
    const before = await first.until('kept', isReady);
    await killed(first);
    await using second = await startProcAgent({ dataDir });
    const after = await second.until('kept', isReady);
    expect(after).toMatchObject({ adopted: true, pid: before.pid, startedAt: before.startedAt });
    expect(second.connection.hello.lifecycle).toBe('attached');
    const log = await allLogs(second, 'kept', 20);
    expect(log).toEqual(log.map((_, index) => `line ${index + 1}`));

    await end(second);
    expect(await second.until('kept', isOver)).toMatchObject({
      status: { kind: 'Killed', signal: 'SIGTERM' },
      cause: 'drained',
      endedBy: 'asked',
      exit: { code: null, signal: null },
    });
  });

  test('a kept proc that ends meanwhile is told to have, with its last words', async () => {
    const gate = join(dir, 'gate');
    await using first = await startProcAgent({ dataDir });
    const command = shell(`while [ ! -e ${gate} ]; do sleep 0.02; done; echo goodbye >&2`);
    await first.spawn([specOf('kept', { command })], { keep: true });
    await first.until('kept', isReady);
    await killed(first);
    await writeFile(gate, '');
    await expect.poll(() => pidsWith(gate)).toEqual([]);
    await using second = await startProcAgent({ dataDir });
    expect(await second.until('kept', isOver)).toMatchObject({
      status: { kind: 'Failed', reason: 'ended while its host agent was away' },
      cause: null,
      stderrTail: ['goodbye'],
    });
  });

  test('an adopted proc that is killed is told so within a second', async () => {
    await using first = await startProcAgent({ dataDir });
    await first.spawn([specOf('kept')], { keep: true });
    const { pid } = await first.until('kept', isReady);
    await killed(first);
    await using second = await startProcAgent({ dataDir });
    await second.until('kept', isReady);
    const killedAt = performance.now();
    process.kill(pid ?? 0, 'SIGKILL');
    expect((await second.until('kept', isOver)).status.kind).toBe('Failed');
    expect(performance.now() - killedAt).toBeLessThan(1000);
  });

  test('a process whose pid was not written down yet is found by its environment', async () => {
    const mark = `mark-${randomUUID()}`;
    await using first = await startProcAgent({ dataDir });
    await first.spawn([specOf('kept', { command: family(mark) })], { keep: true });
    const { pid } = await first.until('kept', isReady);
    await killed(first);
    const file = join(dataDir, 'procs/kept/report.json');
    const report: object = JSON.parse(await readFile(file, 'utf8'));
    const unknown = {
      status: { kind: 'Starting' },
      pid: null,
      startedAt: null,
      startTicks: null,
      readyAtMs: null,
    };
    await writeFile(file, JSON.stringify({ ...report, ...unknown }));
    await using second = await startProcAgent({ dataDir });
    expect(await second.until('kept', isReady)).toMatchObject({ pid, adopted: true });
    await end(second);
    expect(pidsWith(mark)).toEqual([]);
  });

  test('a process that was to be stopped before its pid was written down is stopped', async () => {
    const mark = `mark-${randomUUID()}`;
    await using first = await startProcAgent({ dataDir });
    await first.spawn([specOf('kept', { command: family(mark), restart: always })], { keep: true });
    const { pid } = await first.until('kept', isReady);
    await killed(first);
    const file = join(dataDir, 'procs/kept/report.json');
    const report: object = JSON.parse(await readFile(file, 'utf8'));
    const stopping = {
      status: { kind: 'Stopping', startedAtMs: Date.now() },
      cause: 'requested',
      causeText: 'stopped by Alice',
      pid: null,
      startedAt: null,
      startTicks: null,
      readyAtMs: null,
    };
    await writeFile(file, JSON.stringify({ ...report, ...stopping }));
    await using second = await startProcAgent({ dataDir });
    expect(await second.until('kept', isOver)).toMatchObject({ pid, cause: 'requested', adopted: true });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('a stop that somebody asked for while it was stopped for not being ready is not forgotten', async () => {
    await using first = await startProcAgent({ dataDir });
    const command = shell('trap "" TERM; while :; do sleep 1; done');
    const readiness = { kind: 'output', contains: 'never' } as const;
    await first.spawn([specOf('p', { command, readiness, readyTimeoutMs: 500, restart: always })]);
    await first.until('p', ({ status }) => status.kind === 'Stopping');
    const asked = { cause: 'requested', causeText: 'x', stepMs: null } as const;
    await first.ask(
      { type: 'stop_procs', id: '', procMeshId: 'mesh-1', procIds: null, ...asked },
      'procs_stopping',
    );
    await killed(first);
    await using second = await startProcAgent({ dataDir });
    const { proc } = await second.ask({ type: 'get_state', id: '', procId: 'p' }, 'proc_state');
    expect(proc).toMatchObject({ status: { kind: 'Failed' }, restarts: { nextAt: null } });
  });

  test('a kept proc that became ready meanwhile is ready, even after its time for that', async () => {
    const gate = join(dir, 'gate');
    await using first = await startProcAgent({ dataDir });
    const command = shell(
      `while [ ! -e ${gate} ]; do sleep 0.02; done; echo up; echo up >&3; rm ${gate}; exec sleep 1000`,
    );
    const spec = { command, readyTimeoutMs: 2_000 };
    await first.spawn([specOf('kept', { ...spec, readiness: { kind: 'descriptor' } })], { keep: true });
    const { startedAt } = await first.until('kept', ({ status }) => status.kind === 'Running');
    await killed(first);
    await writeFile(gate, '');
    await expect.poll(() => existsSync(gate)).toBe(false);
    await expect.poll(() => Date.now() - (startedAt ?? 0), { timeout: 5_000 }).toBeGreaterThan(2_000);
    await using second = await startProcAgent({ dataDir });
    await second.until('kept', (report) => isReady(report) || isOver(report));
    expect((await second.until('kept', ({ adopted }) => adopted)).cause).toBeNull();
    await second.until('kept', isReady);
    await end(second);
  });

  test('the restart policy applies to what went with it, and counts on', async () => {
    const restart = {
      policy: 'on_failure',
      limit: 5,
      backoffMs: 10,
      maxBackoffMs: 10,
      resetAfterMs: 60_000,
    } as const;
    await using first = await startProcAgent({ dataDir });
    await first.spawn([specOf('p', { restart })]);
    const { pid } = await first.until('p', isReady);
    await killed(first);
    await using second = await startProcAgent({ dataDir });
    const again = await second.until('p', (report) => isReady(report) && report.pid !== pid);
    expect(again.restarts.count).toBe(1);

    const asked = { type: 'stream_state', id: '', after: null, withPast: true } as const;
    const { past = [] } = await second.ask(asked, 'streaming');
    expect(past.map(({ generation }) => generation)).toEqual(past.map((_, index) => index + 1));
    expect(past.at(-1)?.generation).toBe(again.generation - 1);
    expect(past.map(({ status }) => status.kind)).toEqual([
      'Starting',
      'Running',
      'Ready',
      'Failed',
      'Starting',
      'Running',
    ]);
  });
});

describe('when its agent is ended in order', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)('by %s, procs are stopped, kept ones go on', async (signal) => {
    const mark = `mark-${randomUUID()}`;
    const kept = `mark-${randomUUID()}`;
    await using first = await startProcAgent({ dataDir });
    await first.spawn([specOf('p', { command: family(mark), readiness: up })]);
    await first.spawn([specOf('k', { command: family(kept), readiness: up })], {
      keep: true,
      procMeshId: 'kept',
    });
    await Promise.all(['p', 'k'].map((id) => first.until(id, isReady)));
    first.process.child.kill(signal);
    expect(await first.process.ended).toMatchObject({ code: 0, stderr: '' });
    expect(pidsWith(mark)).toEqual([]);
    expect(pidsWith(kept)).toHaveLength(2);
    await using second = await startProcAgent({ dataDir });
    expect(await second.until('p', isOver)).toMatchObject({
      status: { kind: 'Failed', reason: 'ended with its host agent' },
      cause: 'agent_ended',
      causeText: `its host agent was ended (${signal})`,
    });
    expect(await second.until('k', isReady)).toMatchObject({ adopted: true });
    await end(second);
  });

  test('while kept procs start, they have started when the next agent may come, and only that one logs them', async () => {
    const mark = `mark-${randomUUID()}`;
    const ids = Array.from({ length: 30 }, (_, index) => `k${index}`);
    await using first = await startProcAgent({ dataDir });
    const command = shell(`n=0; while :; do n=$((n+1)); echo line $n; sleep 0.05; done # ${mark}`);
    await first.spawn(
      ids.map((id) => specOf(id, { command })),
      { keep: true },
    );
    first.process.child.kill('SIGTERM');
    await expect.poll(() => existsSync(join(dataDir, 'agent.lock')), { timeout: 20_000 }).toBe(false);
    await using second = await startProcAgent({ dataDir });
    for (const id of ids) expect(await second.until(id, isReady)).toMatchObject({ adopted: true });
    // Long before it would have been killed.
    await expect.poll(() => first.process.child.exitCode, { timeout: 5_000 }).toBe(0);
    for (const id of ids) {
      const log = await allLogs(second, id, 30);
      expect(log).toEqual(log.map((_, index) => `line ${index + 1}`));
    }
    await end(second);
    expect(pidsWith(mark)).toEqual([]);
  });

  test('with --end-kept nothing is left, however stubborn', async () => {
    const mark = `mark-${randomUUID()}`;
    await using agent = await startProcAgent({ dataDir, args: ['--end-kept'] });
    const command = shell(`trap "" TERM; echo up; while :; do sleep 1; done # ${mark}`);
    await agent.spawn([specOf('p', { command, readiness: up })]);
    await agent.spawn([specOf('k', { command, readiness: up })], { keep: true, procMeshId: 'kept' });
    await Promise.all(['p', 'k'].map((id) => agent.until(id, isReady)));
    agent.process.child.kill('SIGTERM');
    expect(await agent.process.ended).toMatchObject({ code: 0 });
    expect(pidsWith(mark)).toEqual([]);
  });
});

test('a kept proc is not ready by what an earlier run of it has said', async () => {
  await using agent = await startProcAgent({ dataDir });
  const command = shell('if [ -e again ]; then exec sleep 1000; fi; touch again; echo up >&3; exit 1');
  const readiness = { kind: 'descriptor' } as const;
  const spec = { command, readiness, readyTimeoutMs: 1_000, restart: { ...always, limit: 1 } };
  await agent.spawn([specOf('k', spec)], { keep: true });
  expect(await agent.until('k', isOver)).toMatchObject({
    status: { kind: 'Failed', reason: 'not ready within 1s' },
    restarts: { count: 1 },
  });
});

test('what a kept proc writes after it has emptied its own output is logged', async () => {
  await using agent = await startProcAgent({ dataDir });
  const gate = join(dir, 'gate');
  const lines = 'for n in 1 2 3 4 5; do echo line $n; done';
  const command = shell(
    `${lines}; while [ ! -e ${gate} ]; do sleep 0.02; done; echo x > /dev/stdout; echo y`,
  );
  await agent.spawn([specOf('k', { command })], { keep: true });
  const before = await allLogs(agent, 'k', 5);
  await writeFile(gate, '');
  await agent.until('k', isOver);
  expect(await allLogs(agent, 'k', 7)).toEqual([...before, 'x', 'y']);
});

test('a second agent on the same data directory does not start, and the procs of the first go on', async () => {
  await using first = await startProcAgent({ dataDir });
  await first.spawn([specOf('p')]);
  await first.until('p', isReady);
  await expect(startProcAgent({ dataDir })).rejects.toThrow(/another agent \(process \d+\) runs on/);
  const { proc } = await first.ask({ type: 'get_state', id: '', procId: 'p' }, 'proc_state');
  expect(proc?.status.kind).toBe('Ready');
});

test('what is kept on disk is for the agent alone', async () => {
  await using agent = await startProcAgent({ dataDir });
  await agent.spawn([specOf('p', { command: shell('echo x') })]);
  await agent.until('p', isOver);
  for (const name of ['spec.json', 'report.json', 'output.jsonl']) {
    expect((await stat(join(dataDir, 'procs/p', name))).mode & 0o077).toBe(0);
  }
});

async function childrenOf(pid: number, mark: string): Promise<number[]> {
  const parents = await Promise.all(
    pidsWith(mark).map(async (each) => {
      const text = await readFile(`/proc/${each}/stat`, 'utf8').catch(() => '');
      return [each, Number(text.split(') ')[1]?.split(' ')[1])] as const;
    }),
  );
  return parents.flatMap(([each, parent]) => (parent === pid ? [each] : []));
}

async function allLogs(agent: ProcAgent, procId: string, atLeast: number): Promise<string[]> {
  const texts: string[] = [];
  for (let after = 0; texts.length < atLeast; after = texts.length) {
    const range = { after, tail: null, maxBytes: 100_000, waitMs: 10_000 };
    const { entries } = await agent.ask({ type: 'read_logs', id: '', procId, ...range }, 'logs');
    texts.push(...entries.map(({ text }) => text));
  }
  return texts;
}
