import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
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
