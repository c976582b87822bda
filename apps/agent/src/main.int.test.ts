import { configKeys, emptyLayers, withLayer } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { PROTOCOL_VERSION } from '@hostmesh/protocol';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAgentProcess, type AgentProcess } from './testing/agent-process.ts';
import { ask, connect, pushOf } from './testing/connect.ts';

const { attrs, digest } = makeSnapshot(withLayer(emptyLayers, 'Runtime', { MAX_CAST_FANOUT: '5' }));

const METRICS_TOKEN = 'token-of-the-metrics';

describe('an agent of an operator with settings of their own', () => {
  let dir: string;
  let agent: AgentProcess;
  let address: string;
  let epoch = 0;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'agent-main-'));
    const file = join(dir, 'agent.yaml');
    await writeFile(file, 'MESSAGE_TTL_DEFAULT: 32\nREAD_LOG_BUFFER: many\nNO_SUCH_KEY: 1\n');
    await writeFile(join(dir, 'token'), METRICS_TOKEN);
    agent = await startAgentProcess({
      program: 'installed',
      args: ['--config', file, '--metrics-token-file', join(dir, 'token')],
      env: {
        HYPERACTOR_MESH_ATTACH_CONFIG_TIMEOUT: '45s',
        HYPERACTOR_CLEANUP_TIMEOUT: 'soon',
        HYPERACTOR_TLS_KEY: '-----BEGIN PRIVATE KEY----- hunter2',
      },
    });
    address = await agent.address();
  });
  afterAll(async () => {
    await agent[Symbol.asyncDispose]();
    await rm(dir, { recursive: true });
  });

  test('says hello with who and what it is', async () => {
    await using connection = await connect(address);
    expect(connection.hello).toMatchObject({
      protocolVersion: PROTOCOL_VERSION,
      hostId: expect.stringMatching(/^host_/),
      incarnation: expect.stringMatching(/^inc_/),
      lifecycle: 'detached',
      config: { digest: null, owner: null },
    });
  });

  test('reports the settings that it could not use, without their values', () => {
    const problems = agent.log.filter(({ event }) => event === 'agent.config_problem');
    expect(problems.map(({ layer, key, code }) => [layer, key, code])).toEqual([
      ['Env', 'HYPERACTOR_CLEANUP_TIMEOUT', 'invalid_value'],
      ['File', 'READ_LOG_BUFFER', 'invalid_value'],
      ['File', 'NO_SUCH_KEY', 'unknown_key'],
    ]);
  });

  test('installs a push, and dumps every pushed key with it or with the layer that wins', async () => {
    await using connection = await connect(address);
    const shadowed = [
      { key: 'MESSAGE_TTL_DEFAULT', layer: 'File' },
      { key: 'MESH_ATTACH_CONFIG_TIMEOUT', layer: 'Env' },
    ];
    const answer = await ask(connection, pushOf(++epoch, attrs));
    expect(answer).toMatchObject({ kind: 'client_config_set', digest, epoch, unknownKeys: [] });
    expect(answer).toHaveProperty('shadowed', expect.arrayContaining(shadowed));

    const dump = await ask(connection, { type: 'config_dump', id: 'd' });
    if (dump.kind !== 'config_dumped') throw new Error(JSON.stringify(dump));
    expect(dump.config).toMatchObject({ digest, epoch });
    for (const key of configKeys.filter(({ propagates }) => propagates)) {
      const entry = dump.entries.find((each) => each.key === key.key);
      const winner = shadowed.find((each) => each.key === key.key)?.layer;
      expect(entry).toMatchObject({ source: winner ?? 'ClientOverride' });
      expect(entry?.layers).toContainEqual({ source: 'ClientOverride', value: attrs[key.key] });
    }
    expect(JSON.stringify(dump)).not.toContain('hunter2');
  });

  test('restores what was there before, the same whenever it is asked', async () => {
    await using connection = await connect(address);
    await ask(connection, pushOf(++epoch, attrs));
    await ask(connection, pushOf(++epoch, { MAX_CAST_FANOUT: '6' }));
    const restore = () => ask(connection, { type: 'restore_client_config', id: 'r', epoch });
    const answer = await restore();
    expect(answer).toMatchObject({ kind: 'client_config_restored', outcome: 'restored', config: { digest } });
    expect(await restore()).toEqual(answer);
    expect(await ask(connection, { type: 'keepalive', id: 'k' })).toMatchObject({ config: { digest } });
  });

  test('refuses a push that is not newer than what it has seen, and says what that is', async () => {
    await using connection = await connect(address);
    await ask(connection, pushOf(++epoch, attrs));
    expect(await ask(connection, pushOf(epoch - 1, attrs))).toMatchObject({ code: 'stale_epoch', epoch });
  });

  test('refuses bad values by name, and tolerates unknown keys by name', async () => {
    await using connection = await connect(address);
    const bad = { MAX_CAST_FANOUT: 'many', CLEANUP_TIMEOUT: 'soon', READ_LOG_BUFFER: '1' };
    expect(await ask(connection, pushOf(++epoch, bad))).toMatchObject({
      code: 'invalid_config',
      keys: ['MAX_CAST_FANOUT', 'CLEANUP_TIMEOUT'],
    });
    expect(await ask(connection, pushOf(++epoch, { FROM_THE_FUTURE: 'x' }))).toMatchObject({
      kind: 'client_config_set',
      unknownKeys: ['FROM_THE_FUTURE'],
    });
  });

  test('tells one client when another takes over', async () => {
    await using alice = await connect(address);
    await using bob = await connect(address);
    await ask(alice, pushOf(++epoch, attrs));
    await ask(alice, { type: 'stream_state', id: 's', after: null });
    const heard = new Promise((resolve) => alice.onEvent(resolve));
    const answer = await ask(bob, pushOf(++epoch, attrs, { clientId: 'bob', label: 'Bob' }));
    expect(answer).toMatchObject({ tookOverFrom: { clientId: 'alice' } });
    expect(await heard).toMatchObject({
      change: { config: { owner: { clientId: 'bob' } }, previousOwner: { clientId: 'alice' } },
    });
  });

  test('drains at once while nothing runs', async () => {
    await using connection = await connect(address);
    expect(await ask(connection, { type: 'drain_host', id: 'd' })).toEqual({ kind: 'drained', procs: [] });
  });

  test('answers health checks and scrapes without a client library', async () => {
    const base = address.replace('tcp:', 'http://');
    const health = await fetch(`${base}/healthz`);
    expect([health.status, await health.json()]).toEqual([
      200,
      { status: 'ok', disk: 'it takes what is written' },
    ]);
    expect((await fetch(`${base}/metrics`)).status).toBe(401);
    const headers = { authorization: `Bearer ${METRICS_TOKEN}` };
    expect(await (await fetch(`${base}/healthz`, { headers })).json()).toMatchObject({
      lifecycle: 'detached',
    });
    const metrics = await (await fetch(`${base}/metrics`, { headers })).text();
    expect(metrics).toContain('hostmesh_agent_requests_total{type="set_client_config",outcome="ok"}');
  });

  test('survives whatever is sent to it', async () => {
    const url = `${address.replace('tcp:', 'ws://')}/agent/v1`;
    const garbage = [
      '',
      'null',
      '[]',
      '{',
      '{"type":"hello"}',
      '\u0000',
      '"'.repeat(2_000_000),
      new Uint8Array([1, 2]),
    ];
    for (const frame of garbage) {
      const socket = new WebSocket(url, 'hostmesh.agent.v1');
      const closed = new Promise((resolve) => socket.addEventListener('close', resolve));
      socket.addEventListener('open', () => socket.send(frame));
      await closed;
    }
    await using connection = await connect(address);
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(await ask(connection, pushOf(++epoch, { MAX_CAST_FANOUT: deep }))).toMatchObject({
      code: 'invalid_config',
    });
    expect(
      await ask(connection, pushOf(++epoch, JSON.parse('{"__proto__":"x","constructor":"y"}'))),
    ).toBeTruthy();
    expect(await ask(connection, { type: 'keepalive', id: 'k' })).toMatchObject({ kind: 'alive' });
  });

  test('logs one event for each request, and no value of config', async () => {
    await using connection = await connect(address);
    await ask(connection, { type: 'keepalive', id: 'the-one' });
    await expect.poll(() => agent.log.filter(({ requestId }) => requestId === 'the-one')).toHaveLength(1);
    expect(JSON.stringify(agent.log)).not.toContain('hunter2');
  });
});

describe.concurrent('an agent', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with 0 on %s, also while clients are connected',
    async (signal) => {
      await using agent = await startAgentProcess();
      await using connection = await connect(await agent.address());
      agent.child.kill(signal);
      expect(await connection.closed).toMatchObject({ code: 'SHUTTING_DOWN' });
      expect(await agent.ended).toEqual({ code: 0, signal: null, stderr: '' });
      expect(agent.log.at(-1)?.msg).toBe('stopped');
    },
  );

  test('ends with 0 when a client shuts it down, after it has answered', async () => {
    await using agent = await startAgentProcess();
    await using connection = await connect(await agent.address());
    expect(await ask(connection, { type: 'shutdown_host', id: 'x' })).toEqual({
      kind: 'shutting_down',
      procs: [],
    });
    expect(await agent.ended).toEqual({ code: 0, signal: null, stderr: '' });
  });

  test('whose log nobody reads still answers, and still ends', async () => {
    await using agent = await startAgentProcess({ program: 'hasty' });
    await using connection = await connect(await agent.address());
    agent.child.stdout?.pause();
    for (let round = 0; round < 10; round += 1) {
      const ids = Array.from({ length: 200 }, (_, index) => `keepalive-${round}-${index}-${'x'.repeat(80)}`);
      await Promise.all(ids.map((id) => ask(connection, { type: 'keepalive', id })));
    }
    const exited = once(agent.child, 'exit');
    agent.child.kill('SIGTERM');
    expect(await connection.closed).toMatchObject({ code: 'SHUTTING_DOWN' });
    await exited;
    agent.child.stdout?.resume();
  });

  test('that is restarted is the same host in a new incarnation, with what clients had installed', async () => {
    await using first = await startAgentProcess();
    await using before = await connect(await first.address());
    await ask(before, pushOf(1, attrs));
    await ask(before, pushOf(2, { MAX_CAST_FANOUT: '6' }));
    first.child.kill('SIGKILL');
    await first.ended;
    const file = join(first.dataDir, 'client-config.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await using second = await startAgentProcess({ dataDir: first.dataDir });
    await using after = await connect(await second.address());
    expect(after.hello.hostId).toBe(before.hello.hostId);
    expect(after.hello.incarnation).not.toBe(before.hello.incarnation);
    expect(after.hello.config).toMatchObject({ epoch: 2, owner: { clientId: 'alice' } });
    expect(await ask(after, pushOf(2, attrs))).toMatchObject({ code: 'stale_epoch', epoch: 2 });
    const undone = await ask(after, { type: 'restore_client_config', id: 'r', epoch: 2 });
    expect(undone).toMatchObject({ outcome: 'restored', config: { digest, epoch: 2 } });
  });

  test('whose kept config is damaged says so, and has nothing installed', async () => {
    await using first = await startAgentProcess();
    await using before = await connect(await first.address());
    await ask(before, pushOf(2, { ...attrs, NEW_SECRET: 'hunter2' }));
    first.child.kill('SIGKILL');
    await first.ended;
    const file = join(first.dataDir, 'client-config.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"seenEpoch":2', '"seenEpoch":1'));
    await using second = await startAgentProcess({ dataDir: first.dataDir });
    await using after = await connect(await second.address());
    expect(after.hello.config).toEqual({ digest: null, epoch: 0, owner: null, withoutEffect: [] });
    const { reason } = await second.logged('kept config not used');
    expect(reason).toContain('it is damaged');
    expect(JSON.stringify(second.log)).not.toContain('hunter2');
  });
});
