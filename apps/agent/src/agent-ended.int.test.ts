import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isOver, isReady, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { family, shell, specOf } from './testing/proc-fixtures.ts';

const within = { timeout: 30_000, interval: 20 };
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'agent-ended-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

describe.concurrent('when its agent is ended in order', () => {
  /** Starts two procs under an agent, of which one is kept, and ends the agent. */
  async function endWithProcs(agent: ProcAgent, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
    const [mark, kept] = [`mark-${randomUUID()}`, `mark-${randomUUID()}`];
    await agent.spawn([specOf(signal, family(mark))]);
    await agent.spawn([specOf(`kept-${signal}`, family(kept))], { keep: true, procMeshId: 'kept' });
    await Promise.all([signal, `kept-${signal}`].map((id) => agent.until(id, isReady)));
    agent.process.child.kill(signal);
    expect(await agent.process.ended).toMatchObject({ code: 0, stderr: '' });
    expect(pidsWith(mark)).toEqual([]);
    await vi.waitFor(() => expect(pidsWith(kept)).toHaveLength(2), within);
  }

  async function expectTold(agent: ProcAgent, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
    expect(await agent.until(signal, isOver)).toMatchObject({
      status: { kind: 'Failed', reason: 'ended with its host agent' },
      cause: 'agent_ended',
      causeText: `its host agent was ended (${signal})`,
    });
    expect(await agent.until(`kept-${signal}`, isReady)).toMatchObject({ adopted: true });
    await agent.drain();
  }

  test('by SIGTERM or SIGINT, procs are stopped, kept ones go on; with --end-kept nothing is left, however stubborn', async () => {
    const dataDir = join(dir, 'signals');
    await using first = await startProcAgent({ dataDir });
    await endWithProcs(first, 'SIGTERM');
    await using second = await startProcAgent({ dataDir });
    await expectTold(second, 'SIGTERM');
    await endWithProcs(second, 'SIGINT');
    await using third = await startProcAgent({ dataDir, args: ['--end-kept'] });
    await expectTold(third, 'SIGINT');

    const mark = `mark-${randomUUID()}`;
    const command = shell(`trap "" TERM; echo up; while :; do sleep 1; done # ${mark}`);
    const readiness = { kind: 'output', contains: 'up' } as const;
    await third.spawn([specOf('p', { command, readiness })]);
    await third.spawn([specOf('k', { command, readiness })], { keep: true, procMeshId: 'kept' });
    await Promise.all(['p', 'k'].map((id) => third.until(id, isReady)));
    third.process.child.kill('SIGTERM');
    expect(await third.process.ended).toMatchObject({ code: 0 });
    expect(pidsWith(mark)).toEqual([]);
  });

  test('while kept procs start, they have started when the next agent may come, and only that one logs them', async () => {
    const dataDir = join(dir, 'starting');
    const mark = `mark-${randomUUID()}`;
    const ids = Array.from({ length: 15 }, (_, index) => `k${index}`);
    await using first = await startProcAgent({ dataDir });
    const command = shell(`n=0; while :; do n=$((n+1)); echo line $n; sleep 0.1; done # ${mark}`);
    await first.spawn(
      ids.map((id) => specOf(id, { command })),
      { keep: true },
    );
    first.process.child.kill('SIGTERM');
    const isFree = () => expect(existsSync(join(dataDir, 'agent.lock'))).toBe(false);
    await vi.waitFor(isFree, { ...within, interval: 5 });
    await using second = await startProcAgent({ dataDir });
    for (const id of ids) expect(await second.until(id, isReady)).toMatchObject({ adopted: true });
    // It has not killed itself, as it does when it does not come to an end.
    await vi.waitFor(() => expect(first.process.child.exitCode).toBe(0), within);
    for (const id of ids) {
      const log = await second.lines(id, 15);
      expect(log).toEqual(log.map((_, index) => `line ${index + 1}`));
    }
    await second.drain();
    expect(pidsWith(mark)).toEqual([]);
  });
});

describe('on its data directory', () => {
  let agent: ProcAgent;
  const dataDir = () => join(dir, 'data');
  beforeAll(async () => {
    agent = await startProcAgent({ dataDir: dataDir() });
  });
  afterAll(() => agent[Symbol.asyncDispose]());

  test('a second agent does not start, and the procs of the first go on', async () => {
    await agent.spawn([specOf('p')]);
    await agent.until('p', isReady);
    await expect(startProcAgent({ dataDir: dataDir() })).rejects.toThrow(
      /another agent \(process \d+\) runs on/,
    );
    const { proc } = await agent.ask({ type: 'get_state', id: '', procId: 'p' }, 'proc_state');
    expect(proc?.status.kind).toBe('Ready');
  });

  test('what is kept is for the agent alone', async () => {
    await agent.spawn([specOf('private', { command: shell('echo x') })]);
    await agent.until('private', isOver);
    for (const name of ['spec.json', 'report.json', 'output.jsonl']) {
      expect((await stat(join(dataDir(), 'procs/private', name))).mode & 0o077).toBe(0);
    }
  });

  test('what an earlier run of a kept proc has said does not make it ready', async () => {
    const command = shell('if [ -e again ]; then exec sleep 1000; fi; touch again; echo up >&3; exit 1');
    const restart = {
      policy: 'always',
      limit: 1,
      backoffMs: 10,
      maxBackoffMs: 10,
      resetAfterMs: 60_000,
    } as const;
    const spec = { command, restart, readiness: { kind: 'descriptor' } as const, readyTimeoutMs: 1_000 };
    await agent.spawn([specOf('earlier', spec)], { keep: true, procMeshId: 'earlier' });
    expect(await agent.until('earlier', isOver)).toMatchObject({
      status: { kind: 'Failed', reason: 'not ready within 1s' },
      restarts: { count: 1 },
    });
  });

  test('what a kept proc writes after it has emptied its own output is logged', async () => {
    const gate = join(dir, 'gate');
    const lines = 'for n in 1 2 3 4 5; do echo line $n; done';
    const wait = `while [ ! -e ${gate} ]; do sleep 0.02; done`;
    const command = shell(`${lines}; ${wait}; echo x > /dev/stdout; echo y`);
    await agent.spawn([specOf('emptied', { command })], { keep: true, procMeshId: 'emptied' });
    const before = await agent.lines('emptied', 5);
    await writeFile(gate, '');
    await agent.until('emptied', isOver);
    expect(await agent.lines('emptied', 7)).toEqual([...before, 'x', 'y']);
  });
});
