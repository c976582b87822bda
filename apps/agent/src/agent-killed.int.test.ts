import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcReport, SpawnProcs } from '@hostmesh/protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isOver, isReady, pidsWith, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { family, shell, specOf } from './testing/proc-fixtures.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'agent-killed-'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

async function killed(agent: ProcAgent): Promise<void> {
  agent.process.child.kill('SIGKILL');
  await agent.process.ended;
}

const restart = { limit: 5, backoffMs: 10, maxBackoffMs: 10, resetAfterMs: 60_000 };
const within = { timeout: 30_000, interval: 20 };
const areLeft = (mark: string, count: number) =>
  vi.waitFor(() => expect(pidsWith(mark)).toHaveLength(count), within);

/** What is expected of one proc, or several in a mesh of their own, when an agent is killed and the next one comes. */
interface Story {
  /** Up to where the first agent may be killed. */
  begin(first: ProcAgent): Promise<unknown>;
  /** While there is no agent. */
  meanwhile?(): Promise<unknown>;
  /** What the next agent is to say of it. `last` is what the first one said last. */
  end(second: ProcAgent, last: (procId: string) => ProcReport): Promise<void>;
}

/** Puts a proc into a mesh of its own. */
const ownMesh = (name: string): Partial<SpawnProcs> => ({ procMeshId: name, hostMeshId: name });
const keptMesh = (name: string): Partial<SpawnProcs> => ({ ...ownMesh(name), keep: true });

/** Changes what the killed agent has left on disk of a proc. */
async function rewrite(procId: string, changes: object): Promise<void> {
  const file = join(dir, `data/procs/${procId}/report.json`);
  const report: object = JSON.parse(await readFile(file, 'utf8'));
  await writeFile(file, JSON.stringify({ ...report, ...changes }));
}
const pidUnknown = { pid: null, startedAt: null, startTicks: null, readyAtMs: null };

function diesWithIt(): Story {
  const mark = `mark-${randomUUID()}`;
  return {
    async begin(first) {
      await first.spawn([specOf('dies', family(mark))], ownMesh('dies'));
      await first.until('dies', isReady);
      await areLeft(mark, 2);
    },
    meanwhile: () => areLeft(mark, 0),
    async end(second, last) {
      const report = await second.until('dies', isOver);
      expect(report).toMatchObject({
        status: { kind: 'Failed', reason: 'ended with its host agent' },
        cause: 'agent_ended',
        pid: expect.any(Number),
      });
      expect(report.generation).toBeGreaterThan(last('dies').generation);
    },
  };
}

const goesOn: Story = {
  async begin(first) {
    const script = 'n=0; trap "exit 7" TERM; while :; do n=$((n+1)); echo line $n; sleep 0.05; done';
    const readiness = { kind: 'output', contains: 'line 3' } as const;
    await first.spawn([specOf('goes-on', { command: shell(script), readiness })], keptMesh('goes-on'));
    await first.until('goes-on', isReady);
  },
  async end(second, last) {
    const after = await second.until('goes-on', isReady);
    const { pid, startedAt } = last('goes-on');
    expect(after).toMatchObject({ adopted: true, pid, startedAt });
    expect(second.connection.hello.lifecycle).toBe('attached');
    const log = await second.lines('goes-on', 20);
    expect(log).toEqual(log.map((_, index) => `line ${index + 1}`));

    await second.drain('goes-on');
    expect(await second.until('goes-on', isOver)).toMatchObject({
      status: { kind: 'Killed', signal: 'SIGTERM' },
      cause: 'drained',
      endedBy: 'asked',
      exit: { code: null, signal: null },
    });
  },
};

function endsMeanwhile(): Story {
  const gate = () => join(dir, 'end-gate');
  return {
    async begin(first) {
      const command = shell(`while [ ! -e ${gate()} ]; do sleep 0.02; done; echo goodbye >&2`);
      await first.spawn([specOf('ends', { command })], keptMesh('ends'));
      await first.until('ends', isReady);
    },
    async meanwhile() {
      await writeFile(gate(), '');
      await areLeft(gate(), 0);
    },
    async end(second) {
      expect(await second.until('ends', isOver)).toMatchObject({
        status: { kind: 'Failed', reason: 'ended while its host agent was away' },
        cause: null,
        stderrTail: ['goodbye'],
      });
    },
  };
}

const isKilledLater: Story = {
  async begin(first) {
    await first.spawn([specOf('victim')], keptMesh('victim'));
    await first.until('victim', isReady);
  },
  async end(second) {
    const { pid } = await second.until('victim', isReady);
    process.kill(pid ?? 0, 'SIGKILL');
    expect((await second.until('victim', isOver)).status.kind).toBe('Failed');
  },
};

function hasNoPidOnDisk(): Story {
  const mark = `mark-${randomUUID()}`;
  return {
    async begin(first) {
      await first.spawn([specOf('no-pid', { command: family(mark).command })], keptMesh('no-pid'));
      await first.until('no-pid', isReady);
    },
    meanwhile: () => rewrite('no-pid', { ...pidUnknown, status: { kind: 'Starting' } }),
    async end(second, last) {
      const { pid } = last('no-pid');
      expect(await second.until('no-pid', isReady)).toMatchObject({ pid, adopted: true });
      await second.drain('no-pid');
      expect(pidsWith(mark)).toEqual([]);
    },
  };
}

function wasToBeStopped(): Story {
  const mark = `mark-${randomUUID()}`;
  const policy = { ...restart, policy: 'always' } as const;
  return {
    async begin(first) {
      await first.spawn(
        [specOf('stop', { command: family(mark).command, restart: policy })],
        keptMesh('stop'),
      );
      await first.until('stop', isReady);
    },
    meanwhile: () =>
      rewrite('stop', {
        ...pidUnknown,
        status: { kind: 'Stopping', startedAtMs: Date.now() },
        cause: 'requested',
        causeText: 'stopped by Alice',
      }),
    async end(second, last) {
      const { pid } = last('stop');
      expect(await second.until('stop', isOver)).toMatchObject({ pid, cause: 'requested', adopted: true });
      expect(pidsWith(mark)).toEqual([]);
    },
  };
}

const isStoppedTwice: Story = {
  async begin(first) {
    const command = shell('trap "" TERM; while :; do sleep 1; done');
    const readiness = { kind: 'output', contains: 'never' } as const;
    const policy = { ...restart, policy: 'always' } as const;
    const spec = specOf('twice', { command, readiness, readyTimeoutMs: 100, restart: policy });
    await first.spawn([spec], ownMesh('twice'));
    await first.until('twice', ({ status }) => status.kind === 'Stopping');
    const asked = {
      procMeshId: 'twice',
      procIds: null,
      cause: 'requested',
      causeText: 'x',
      stepMs: null,
    } as const;
    await first.ask({ type: 'stop_procs', id: '', ...asked }, 'procs_stopping');
  },
  async end(second) {
    const { proc } = await second.ask({ type: 'get_state', id: '', procId: 'twice' }, 'proc_state');
    expect(proc).toMatchObject({ status: { kind: 'Failed' }, restarts: { nextAt: null } });
  },
};

function becomesReadyMeanwhile(): Story {
  const gate = () => join(dir, 'ready-gate');
  return {
    async begin(first) {
      const wait = `while [ ! -e ${gate()} ]; do sleep 0.02; done`;
      const command = shell(`${wait}; echo up; echo up >&3; rm ${gate()}; exec sleep 1000`);
      await first.spawn([specOf('late', { command, readiness: { kind: 'descriptor' } })], keptMesh('late'));
      await first.until('late', ({ status }) => status.kind === 'Running');
    },
    async meanwhile() {
      await writeFile(gate(), '');
      await vi.waitFor(() => expect(existsSync(gate())).toBe(false), within);
      await rewrite('late', { startedAt: Date.now() - 3_600_000 });
    },
    async end(second) {
      await second.until('late', (report) => isReady(report) || isOver(report));
      expect((await second.until('late', ({ adopted }) => adopted)).cause).toBeNull();
      await second.until('late', isReady);
    },
  };
}

const isRestarted: Story = {
  async begin(first) {
    const policy = { ...restart, policy: 'on_failure' } as const;
    await first.spawn([specOf('again', { restart: policy })], ownMesh('again'));
    await first.until('again', isReady);
  },
  async end(second, last) {
    const { pid } = last('again');
    const again = await second.until('again', (report) => isReady(report) && report.pid !== pid);
    expect(again.restarts.count).toBe(1);

    const asked = { type: 'stream_state', id: '', after: null, withPast: true } as const;
    const told = (await second.ask(asked, 'streaming')).past ?? [];
    const past = told.filter(({ procId }) => procId === 'again');
    expect(past.map(({ generation }) => generation)).toEqual(past.map((_, index) => index + 1));
    expect(past.at(-1)?.generation).toBe(again.generation - 1);
    const kinds = ['Starting', 'Running', 'Ready', 'Failed', 'Starting', 'Running'];
    expect(past.map(({ status }) => status.kind)).toEqual(kinds);
  },
};

const stories: Readonly<Record<string, Story>> = {
  'a proc dies with it, and its children, by the parent-death signal and the reaper; the next agent says so':
    diesWithIt(),
  'a kept proc goes on, with what it writes, and the next agent adopts it': goesOn,
  'a kept proc that ends meanwhile is told to have, with its last words': endsMeanwhile(),
  'an adopted proc that is killed is told so': isKilledLater,
  'a process whose pid was not written down yet is found by its environment': hasNoPidOnDisk(),
  'a process that was to be stopped before its pid was written down is stopped': wasToBeStopped(),
  'a stop that somebody asked for while it was stopped for not being ready is not forgotten': isStoppedTwice,
  'a kept proc that became ready meanwhile is ready, even after its time for that': becomesReadyMeanwhile(),
  'the restart policy applies to what went with it, and counts on': isRestarted,
};

describe('when its agent is killed', () => {
  let first: ProcAgent;
  let second: ProcAgent;
  beforeAll(async () => {
    const dataDir = join(dir, 'data');
    const env = { HYPERACTOR_PROCESS_EXIT_TIMEOUT: '60s' };
    first = await startProcAgent({ dataDir, env });
    await Promise.all(Object.values(stories).map((story) => story.begin(first)));
    await killed(first);
    await Promise.all(Object.values(stories).map(async (story) => story.meanwhile?.()));
    second = await startProcAgent({ dataDir, env });
  });
  afterAll(() => second[Symbol.asyncDispose]());

  const last = (procId: string): ProcReport => {
    const found = first.reports.findLast((report) => report.procId === procId);
    if (found === undefined) throw new Error(`the first agent told nothing of ${procId}`);
    return found;
  };
  test.each(Object.entries(stories))('%s', async (_guarantee, { end }) => end(second, last));
});

test('the reaper alone ends procs with their agent, and one that was killed before lets nobody off', async () => {
  const dataDir = join(dir, 'reaper');
  const env = { HYPERACTOR_MESH_BOOTSTRAP_ENABLE_PDEATHSIG: '0' };
  const mark = `mark-${randomUUID()}`;
  await using first = await startProcAgent({ dataDir, env });
  await first.spawn([specOf('p', family(mark))]);
  await first.until('p', isReady);
  await areLeft(mark, 2);
  await killed(first);
  await areLeft(mark, 0);

  await using second = await startProcAgent({ dataDir, env });
  expect((await second.until('p', isOver)).cause).toBe('agent_ended');
  await second.spawn([specOf('q', family(mark))]);
  await second.until('q', isReady);
  const reapers = () => childrenOf(second.process.child.pid ?? 0, 'hostmesh-reaper');
  const [reaper] = await reapers();
  process.kill(reaper ?? 0, 'SIGKILL');
  await expect.poll(async () => (await reapers()).filter((pid) => pid !== reaper)).toHaveLength(1);
  await killed(second);
  await areLeft(mark, 0);
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
