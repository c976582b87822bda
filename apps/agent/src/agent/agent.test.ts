import { emptyLayers, fail, ok } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import {
  Hello,
  type AgentEvent,
  type AgentFault,
  type AgentRequest,
  type ClientConnection,
} from '@hostmesh/protocol';
import { expect, test } from 'vitest';
import { noClientConfig } from '../config/client-config.ts';
import { Launcher } from '../launch/launch.ts';
import { ReadingPace } from '../output/capture.ts';
import { GroupReaper } from '../processes/group-reaper.ts';
import { Members } from '../processes/members.ts';
import { ProcStore } from '../store/proc-store.ts';
import { specOf, spawnOf } from '../testing/proc-fixtures.ts';
import { Agent } from './agent.ts';

const identity = {
  hostId: 'host_1',
  former: null,
  incarnation: 'inc_1',
  agentVersion: '1.2.3',
  hostname: 'node-1',
  platform: 'linux x64',
  cpus: 2,
  memoryBytes: 1024,
  containment: { kind: 'environment' as const, detail: 'no cgroups' },
  runAs: { users: ['me'], sharesAgent: true },
};
const client: ClientConnection = {
  id: 'client-1',
  signal: new AbortController().signal,
  close: () => {},
  terminate: () => {},
};
const attrs = { MAX_CAST_FANOUT: '4', NEW_KEY: 'hunter2' };
const push: AgentRequest = {
  type: 'set_client_config',
  id: 'req-1',
  epoch: 5,
  owner: { clientId: 'alice', label: 'Alice' },
  attrs,
  digest: digestOf(attrs),
};

const accounts = [{ name: 'me', uid: 1, gid: 1, become: null, env: {} }];
const tools = { numactl: null, taskset: null };
const allow = { programs: ['*'], env: [], cwd: [] };
const ignore = () => {};
/** No proc is started here. */
const system = {
  hostId: 'host_1',
  store: new ProcStore('/nonexistent', { began: ignore, over: ignore }),
  launcher: new Launcher({
    hostId: 'host_1',
    tools,
    allow,
    accounts,
    cgroups: null,
    agentEnv: { PATH: '' },
  }),
  pace: new ReadingPace(),
  members: new Members('host_1', null),
  reaper: new GroupReaper(null, ignore),
  monotonicMs: () => 0,
  nowMs: () => 7,
  onFault: ignore,
  onMended: ignore,
  onBug: ignore,
};

function startedAgent(disk: { fault: AgentFault | null } = { fault: null }) {
  const logged: object[] = [];
  const counted: unknown[][] = [];
  const published: AgentEvent[] = [];
  let monotonicMs = 100;
  const agent = new Agent({
    identity,
    own: emptyLayers,
    installed: noClientConfig,
    store: { save: () => Promise.resolve(disk.fault === null ? ok(null) : fail(disk.fault)) },
    log: { info: (fields) => void logged.push(fields) },
    metrics: { requestAnswered: (...args) => void counted.push(args), procChanged: ignore },
    programs: { allow, accounts, path: '', tools },
    clock: { nowMs: () => 7, hostNowMs: () => 7, monotonicMs: () => (monotonicMs += 2) },
    system,
  });
  agent.onEvent((event) => void published.push(event));
  return { agent, logged, counted, published };
}

test('a request is one event in the log and one count, without values of config', async () => {
  const { agent, logged, counted } = startedAgent();
  await agent.request(push, client);
  expect(logged).toEqual([
    {
      event: 'agent.request',
      connectionId: 'client-1',
      request: 'set_client_config',
      requestId: 'req-1',
      epoch: 5,
      clientId: 'alice',
      client: 'Alice',
      outcome: 'ok',
      digest: digestOf(attrs),
      shadowedKeys: 0,
      unknownKeys: 1,
      tookOverFrom: null,
      durationMs: 2,
    },
  ]);
  expect(counted).toEqual([['set_client_config', 'ok', 2]]);
  expect(JSON.stringify(logged)).not.toContain('hunter2');
});

test('a refusal is logged and counted by its code', async () => {
  const { agent, logged, counted } = startedAgent();
  await agent.request(push, client);
  await agent.request(push, client);
  expect(logged[1]).toMatchObject({ outcome: 'stale_epoch', reason: expect.stringContaining('5') });
  expect(counted[1]).toEqual(['set_client_config', 'stale_epoch', 2]);
});

test('changes are published to streaming clients, and hello tells the state after them', async () => {
  const { agent, published } = startedAgent();
  await agent.request(push, client);
  expect(published).toMatchObject([{ seq: 1, at: 7, change: { kind: 'client_config_changed' } }]);
  const hello = Hello.parse(agent.hello());
  expect(hello).toMatchObject({ ...identity, lastSeq: 1, config: { digest: digestOf(attrs), epoch: 5 } });
});

test('a push that cannot be written down is refused, and nothing has changed', async () => {
  const disk = { fault: { code: 'disk_full', message: 'full' } };
  const { agent, published } = startedAgent(disk);
  expect(await agent.request(push, client)).toEqual({ ok: false, fault: disk.fault });
  expect([agent.hello().config.epoch, published]).toEqual([0, []]);
  const freed = startedAgent();
  expect(await freed.agent.request(push, client)).toMatchObject({ ok: true });
});

test('a shutdown is handed on, is answered every time, and is logged', async () => {
  const { agent, logged, published } = startedAgent();
  expect(agent.shutdown.aborted).toBe(false);
  const ask = () => agent.request({ type: 'shutdown_host', id: 'x' }, client);
  const replies = await Promise.all([ask(), ask()]);
  replies.push(await ask());
  expect(replies).toEqual(Array(3).fill({ ok: true, result: { kind: 'shutting_down', procs: [] } }));
  expect(agent.shutdown.reason).toBe('shutdown_host');
  expect(published).toMatchObject([{ change: { kind: 'lifecycle_changed', lifecycle: 'shutdown' } }]);
  expect(logged).toContainEqual(
    expect.objectContaining({ lifecycleBefore: 'detached', lifecycle: 'shutdown' }),
  );
});

test('a drain of a host that runs nothing is over at once and changes nothing', async () => {
  const { agent, published } = startedAgent();
  expect(await agent.request({ type: 'drain_host', id: 'd' }, client)).toEqual({
    ok: true,
    result: { kind: 'drained', procs: [] },
  });
  expect(published).toEqual([]);
});

test('procs with a binding that the host has no tool for are refused', () => {
  const { agent } = startedAgent();
  const bind = { cpunodebind: null, membind: null, physcpubind: null, cpus: '0' };
  expect(agent.request(spawnOf([specOf('p', { bind })]), client)).toMatchObject({
    ok: false,
    fault: { code: 'bind_unavailable' },
  });
  expect(agent.procs).toEqual([]);
});
