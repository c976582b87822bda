import type { AgentRequest, Lifecycle } from '@hostmesh/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, connect, pushOf } from './testing/connect.ts';
import { isOver, isReady, startProcAgent, type ProcAgent } from './testing/proc-agent.ts';
import { shell, specOf, spawnOf } from './testing/proc-fixtures.ts';

/** It is there until it is killed. */
const stubborn = shell('trap "" TERM; echo up; while :; do sleep 1; done');
const stubbornSpec = (procId: string) =>
  specOf(procId, { command: stubborn, readiness: { kind: 'output', contains: 'up' } });

/** The lifecycles that an agent came into, from one of its events on. */
const lifecyclesOf = (agent: ProcAgent, from = 0): Lifecycle[] =>
  agent.events
    .slice(from)
    .flatMap(({ change }) => (change.kind === 'lifecycle_changed' ? [change.lifecycle] : []));

/** Brings an agent into a state from the one before, in which it stays while it is asked. */
const into: Readonly<Record<Lifecycle, (agent: ProcAgent) => Promise<void>>> = {
  detached: () => Promise.resolve(),
  async attached(agent) {
    await agent.spawn([stubbornSpec('p')]);
    await agent.until('p', isReady);
  },
  async draining(agent) {
    void agent.connection.request({ type: 'drain_host', id: 'd' });
    await expect.poll(() => lifecyclesOf(agent)).toContain('draining');
  },
  async shutdown(agent) {
    void agent.connection.request({ type: 'shutdown_host', id: 'x' });
    await expect.poll(() => lifecyclesOf(agent)).toContain('shutdown');
  },
};

const requests = (epoch: number): AgentRequest[] => [
  { type: 'config_dump', id: '' },
  { type: 'keepalive', id: '', procMeshes: [{ procMeshId: 'ghost', ttlMs: 1 }] },
  { type: 'stream_state', id: '', after: null },
  pushOf(epoch, { MAX_CAST_FANOUT: '5' }),
  { type: 'restore_client_config', id: '', epoch },
  {
    type: 'check_spawn',
    id: '',
    specs: [{ program: 'sleep', arg0: null, envNames: [], path: null, cwd: null, bind: null, runAs: null }],
  },
  { type: 'get_state', id: '', procId: 'p' },
  { type: 'get_host_proc_states', id: '', procMeshId: 'mesh-1' },
  { type: 'wait_status', id: '', procId: 'p', min: 'Running', timeoutMs: 10 },
  { type: 'list_procs', id: '' },
  { type: 'get_usage', id: '', procIds: null },
  {
    type: 'read_logs',
    id: '',
    procId: 'ghost',
    after: 0,
    tail: null,
    maxBytes: 1,
    waitMs: 10,
    openVersion: null,
  },
  { type: 'forget_procs', id: '', procMeshId: 'ghost', procIds: null },
  {
    type: 'stop_procs',
    id: '',
    procMeshId: 'ghost',
    procIds: null,
    cause: 'requested',
    causeText: '',
    stepMs: null,
  },
  spawnOf([specOf(`late-${epoch}`)]),
  { type: 'drain_host', id: '', hostMeshId: 'ghost' },
];

/** What differs from the usual answer: a host that is on its way out takes nothing new. */
const refusals: Readonly<Record<Lifecycle, readonly string[]>> = {
  detached: [],
  attached: [],
  draining: ['spawn_procs'],
  shutdown: ['spawn_procs', 'set_client_config'],
};

describe('an agent answers every message, or refuses it with the reason', () => {
  let agent: ProcAgent;
  beforeAll(async () => {
    agent = await startProcAgent({ env: { HYPERACTOR_MESH_TERMINATE_TIMEOUT: '60s' } });
  });
  afterAll(() => agent[Symbol.asyncDispose]());

  test.each(['detached', 'attached', 'draining', 'shutdown'] as const)('while it is %s', async (state) => {
    await into[state](agent);
    const refused: string[] = [];
    for (const request of requests(Object.keys(into).indexOf(state) + 1)) {
      const answer = await ask(agent.connection, { ...request, id: `${request.type}-1` });
      if (answer.kind !== 'refused') continue;
      expect(answer.code).toBe(request.type === 'read_logs' ? 'unknown_proc' : 'wrong_lifecycle');
      if (request.type !== 'read_logs') refused.push(request.type);
    }
    expect(refused.sort()).toEqual([...refusals[state]].sort());
  });
});

/** An agent for all that follows; what a test leaves is drained. */
let agent: ProcAgent;
beforeAll(async () => {
  agent = await startProcAgent({
    args: ['--allow', 'sleep', '--allow', '/bin/sh'],
    env: { HYPERACTOR_MESH_TERMINATE_TIMEOUT: '300ms', HYPERACTOR_MESH_TERMINATE_CONCURRENCY: '2' },
  });
});
afterAll(() => agent[Symbol.asyncDispose]());
afterEach(async () => {
  if (!lifecyclesOf(agent).includes('shutdown')) await agent.drain();
});

describe('procs that nobody vouches for', () => {
  test('are stopped as orphans; those of a mesh that somebody vouches for are not, nor those without a limit', async () => {
    await agent.spawn([specOf('orphan')], { procMeshId: 'orphans', ttlMs: 300 });
    await agent.spawn([specOf('vouched')], { procMeshId: 'vouched', ttlMs: 10_000 });
    await agent.spawn([specOf('free')], { procMeshId: 'free', ttlMs: null });
    const vouch = { procMeshId: 'vouched', ttlMs: 60_000 };
    const alive = await agent.ask(
      {
        type: 'keepalive',
        id: '',
        procMeshes: [vouch, { procMeshId: 'ghost', ttlMs: 1 }, { procMeshId: 'free', ttlMs: 1 }],
      },
      'alive',
    );
    expect(alive.unknownProcMeshes).toEqual(['ghost']);
    await Promise.all(['vouched', 'free'].map((id) => agent.until(id, isReady)));
    expect(await agent.until('orphan', isOver)).toMatchObject({
      status: { kind: 'Killed', signal: 'SIGTERM' },
      cause: 'orphaned',
      causeText: 'not heard from Alice for 300ms',
    });
    const { procs } = await agent.ask({ type: 'list_procs', id: '' }, 'proc_states');
    const byId = new Map(procs.map((each) => [each.procId, each]));
    expect(byId.get('vouched')).toMatchObject({ status: { kind: 'Ready' } });
    expect(byId.get('vouched')?.leaseMs).toBeGreaterThan(30_000);
    expect(byId.get('free')).toMatchObject({ status: { kind: 'Ready' }, leaseMs: null });
    expect(byId.get('orphan')?.leaseMs).toBeNull();
  });
});

describe('the allow-list', () => {
  test('refuses a whole request by the name of the program that is not on it', async () => {
    const refused = await ask(
      agent.connection,
      spawnOf([specOf('fine'), specOf('env', { command: { ...specOf('env').command, program: 'env' } })]),
    );
    expect(refused).toMatchObject({ kind: 'refused', code: 'program_refused' });
    expect(refused).toHaveProperty('message', expect.stringContaining("'env'"));
    const { proc } = await agent.ask({ type: 'get_state', id: '', procId: 'fine' }, 'proc_state');
    expect(proc).toBeNull();
    await agent.spawn([specOf('by-name'), specOf('by-path', { command: shell('exit 0') })]);
    await agent.until('by-name', isReady);
    expect((await agent.until('by-path', isOver)).status).toMatchObject({ exitCode: 0 });
  });
});

describe('a drain', () => {
  test('ends all procs, kept ones too, a few at a time; later callers join it; then the host is free again', async () => {
    const from = agent.events.length;
    const ids = ['a', 'b', 'c', 'd'];
    await agent.spawn(ids.slice(0, 2).map(stubbornSpec));
    await agent.spawn(ids.slice(2).map(stubbornSpec), { keep: true, procMeshId: 'kept' });
    await Promise.all(ids.map((id) => agent.until(id, isReady)));
    const first = agent.ask({ type: 'drain_host', id: '' }, 'drained');
    await agent.until('b', ({ status }) => status.kind === 'Stopping');
    await using other = await connect(await agent.process.address());
    const second = ask(other, { type: 'drain_host', id: 'd2' });
    const [one, two] = await Promise.all([first, second]);
    expect(two).toEqual(one);
    expect(one.procs?.map(({ procId, cause, endedBy }) => [procId, cause, endedBy])).toEqual(
      ids.map((id) => [id, 'drained', 'SIGKILL']),
    );
    const order = agent.reports.flatMap(({ procId, status }) =>
      ids.includes(procId) && ['Stopping', 'Killed'].includes(status.kind)
        ? [`${procId} ${status.kind}`]
        : [],
    );
    expect(order.indexOf('c Stopping')).toBeGreaterThan(order.findIndex((each) => each.endsWith('Killed')));
    expect(lifecyclesOf(agent, from)).toEqual(['attached', 'draining', 'detached']);
    await agent.spawn([specOf('e')]);
    await agent.until('e', isReady);
  });

  test('of one host mesh ends its procs alone, and leaves the host free when nothing is left', async () => {
    const from = agent.events.length;
    await agent.spawn([specOf('mine')], { hostMeshId: 'mine', procMeshId: 'mine' });
    await agent.spawn([specOf('yours')], { hostMeshId: 'yours', procMeshId: 'yours' });
    await Promise.all(['mine', 'yours'].map((id) => agent.until(id, isReady)));
    const drain = (hostMeshId: string) => agent.ask({ type: 'drain_host', id: '', hostMeshId }, 'drained');
    expect((await drain('mine')).procs).toMatchObject([{ procId: 'mine', cause: 'drained' }]);
    expect(lifecyclesOf(agent, from)).toEqual(['attached']);
    const { proc } = await agent.ask({ type: 'get_state', id: '', procId: 'yours' }, 'proc_state');
    expect(proc?.status.kind).toBe('Ready');
    await drain('yours');
    expect(lifecyclesOf(agent, from)).toEqual(['attached', 'detached']);
  });

  test('calls off restarts', async () => {
    const restart = {
      policy: 'always',
      limit: 10,
      backoffMs: 60_000,
      maxBackoffMs: 60_000,
      resetAfterMs: 1,
    } as const;
    await agent.spawn([specOf('r', { command: shell('exit 1'), restart })]);
    await agent.until('r', ({ restarts }) => restarts.nextAt !== null);
    expect((await agent.ask({ type: 'drain_host', id: '' }, 'drained')).procs).toMatchObject([
      { procId: 'r', status: { exitCode: 1 }, restarts: { nextAt: null } },
    ]);
  });

  test('that a shutdown comes into ends in shutdown, and both are answered', async () => {
    const from = agent.events.length;
    await agent.spawn([stubbornSpec('s')]);
    await agent.until('s', isReady);
    const drained = agent.ask({ type: 'drain_host', id: '' }, 'drained');
    await agent.until('s', ({ status }) => status.kind === 'Stopping');
    const down = agent.ask({ type: 'shutdown_host', id: '' }, 'shutting_down');
    const again = agent.ask({ type: 'shutdown_host', id: '' }, 'shutting_down');
    expect((await drained).procs).toMatchObject([{ procId: 's', cause: 'drained', endedBy: 'SIGKILL' }]);
    expect((await down).procs).toMatchObject([{ procId: 's', cause: 'drained' }]);
    expect(await again).toEqual(await down);
    expect(lifecyclesOf(agent, from)).toEqual(['attached', 'draining', 'shutdown']);
    expect(await agent.process.ended).toMatchObject({ code: 0 });
  });
});
