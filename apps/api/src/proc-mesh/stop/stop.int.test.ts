import { createClient, followEvents } from '@hostmesh/client';
import type { ApiEvent } from '@hostmesh/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startAgent, startApiAgent } from '../../testing/api-agent.ts';
import { eventually } from '../../testing/eventually.ts';
import { attachTo, procsOf, runs, shellCommand, spawnOn } from '../../testing/proc-requests.ts';
import { startTestApi } from '../../testing/test-api.ts';
import { TEST_TOKEN } from '../../testing/test-server.ts';

const timing = { monitorMs: 200 };
const config = { PROCESS_EXIT_TIMEOUT: '300ms' };
const outcomesOf = (body: { outcomes: { rank: number; outcome: string; endedBy: string | null }[] }) =>
  body.outcomes.map(({ rank, outcome, endedBy }) => [rank, outcome, endedBy]);

describe('a stop', () => {
  test('of some ranks ends those alone; of the rest ends the proc mesh, and who asks twice joins', async () => {
    const api = await startTestApi({ timing });
    const meshId = await attachTo(api, [await startAgent(), await startAgent()], config);
    const { body } = await spawnOn(api, meshId, { perHost: { gpus: 3 } });
    const path = `/proc-meshes/${body.id}/stop`;
    for (const [request, field] of [
      [{ ranks: 'two' }, 'ranks'],
      [{ ranks: '6' }, 'ranks'],
      [{ hosts: '9..12' }, 'hosts'],
      [{ step: 'x' }, 'step'],
      [{ timeout: '0s' }, 'timeout'],
      [{ force: true }, 'force'],
    ] as const) {
      const wrong = await api.send('POST', path, request);
      expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    }
    const some = await api.send('POST', path, { ranks: '0..2,4', hosts: '0' });
    expect(some).toMatchObject({ status: 200, body: { procMesh: { state: 'running' } } });
    expect(outcomesOf(some.body)).toEqual([
      [0, 'stopped', 'asked'],
      [1, 'stopped', 'asked'],
    ]);
    const statuses = (await procsOf(api, body.id)).map(({ status }) => status);
    expect(statuses).toEqual(['Stopped', 'Stopped', 'Running', 'Running', 'Running', 'Running']);

    const both = await Promise.all([api.send('POST', path), api.send('POST', path)]);
    for (const { status, body: reply } of both) {
      expect(status).toBe(200);
      expect(reply.procMesh.state).toBe('stopped');
      expect(reply.outcomes).toHaveLength(6);
    }
    expect(await api.send('POST', path)).toMatchObject({ status: 409, body: { code: 'proc_mesh_ended' } });
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body.summary).toBe('All 6 procs have ended.');
    expect((await api.send('POST', '/proc-meshes/none/stop')).status).toBe(404);
  });

  test('of a program that ignores SIGTERM and forks ends the whole group, and says SIGKILL', async () => {
    const api = await startTestApi({ timing });
    const meshId = await attachTo(api, [await startAgent()], config);
    const { body } = await spawnOn(api, meshId, {
      command: shellCommand(
        `trap '' TERM; sh -c 'trap "" TERM; echo child $$; while :; do sleep 1; done' & wait; sleep 60`,
      ),
      readiness: { kind: 'output', contains: 'child' },
    });
    const [proc] = await procsOf(api, body.id);
    const { body: logs } = await api.send('GET', `/procs/${proc?.id}/logs`);
    const child = Number(/\d+/.exec(logs.entries[0].text)?.[0]);
    expect(runs(child)).toBe(true);
    const stopped = await api.send('POST', `/proc-meshes/${body.id}/stop`);
    expect(outcomesOf(stopped.body)).toEqual([[0, 'stopped', 'SIGKILL']]);
    expect([runs(proc?.pid ?? null), runs(child)]).toEqual([false, false]);
    expect((await procsOf(api, body.id))[0]?.statusText).toBe('stopped as asked (SIGKILL)');
  });

  test('that cannot reach a host is incomplete: the proc mesh lives on, and can be stopped again', async () => {
    const [healthy, frozen] = await Promise.all([startApiAgent(), startApiAgent()]);
    const api = await startTestApi({ timing });
    const meshId = await attachTo(api, [healthy.address, frozen.address], config);
    const { body } = await spawnOn(api, meshId);
    frozen.kill('SIGSTOP');
    const path = `/proc-meshes/${body.id}/stop`;
    const incomplete = await api.send('POST', path, { timeout: '2s' });
    expect(incomplete).toMatchObject({
      status: 424,
      body: { code: 'stop_incomplete', procMeshId: body.id, procFailures: [{ rank: 1, hostRank: 1 }] },
    });
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body.state).toBe('running');
    frozen.kill('SIGCONT');
    await eventually(async () => (await api.send('POST', path, { timeout: '5s' })).status).toBe(200);
    expect((await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([false, false]);
  }, 60_000);

  test('of a spawn that is under way cancels it', async () => {
    const api = await startTestApi({ timing });
    const meshId = await attachTo(api, [await startAgent()], config);
    const never = { readiness: { kind: 'output', contains: 'never' } };
    const { body } = await spawnOn(api, meshId, never, { prefer: 'respond-async' });
    await eventually(async () => (await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([true]);
    const stopped = await api.send('POST', `/proc-meshes/${body.id}/stop`);
    expect(stopped).toMatchObject({ status: 200, body: { procMesh: { state: 'spawn_failed', residue: 0 } } });
    expect((await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([false]);
    expect((await procsOf(api, body.id)).map(({ statusText }) => statusText)).toEqual(['stopped as asked']);
  });

  test('of a spawn that cannot reach a host names what may be left, until the host is back and it is gone', async () => {
    const [healthy, frozen] = await Promise.all([startApiAgent(), startApiAgent()]);
    const api = await startTestApi({ timing });
    const meshId = await attachTo(api, [healthy.address, frozen.address], config);
    const never = { readiness: { kind: 'output', contains: 'never' } };
    const { body } = await spawnOn(api, meshId, never, { prefer: 'respond-async' });
    await eventually(async () => (await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([
      true,
      true,
    ]);
    frozen.kill('SIGSTOP');
    expect(await api.send('POST', `/proc-meshes/${body.id}/stop`)).toMatchObject({
      status: 424,
      body: { code: 'stop_incomplete', procFailures: [{ rank: 1, hostAddress: frozen.address }] },
    });
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body).toMatchObject({
      state: 'spawn_failed',
      residue: 1,
      counts: { Stopped: 1, Unknown: 1 },
    });
    expect(await api.send('POST', `/proc-meshes/${body.id}/stop`, { timeout: '1s' })).toMatchObject({
      status: 424,
      body: { code: 'stop_incomplete', procFailures: [{ rank: 1 }] },
    });
    frozen.kill('SIGCONT');
    await eventually(async () => (await api.send('GET', `/proc-meshes/${body.id}`)).body).toMatchObject({
      residue: 0,
      counts: { Stopped: 2 },
    });
    const late = await api.send('POST', `/proc-meshes/${body.id}/stop`);
    expect(late).toMatchObject({ status: 409, body: { code: 'proc_mesh_ended' } });
    expect((await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([false, false]);
  }, 60_000);

  test('that is given less time does not take back one that is under way', async () => {
    const api = await startTestApi({ timing });
    const meshId = await attachTo(api, [await startAgent()], config);
    const { body } = await spawnOn(api, meshId, {
      command: shellCommand('trap "" TERM; echo up; while :; do sleep 0.1; done'),
      readiness: { kind: 'output', contains: 'up' },
    });
    const path = `/proc-meshes/${body.id}/stop`;
    const patient = api.send('POST', path, { step: '1s' });
    await eventually(async () => (await api.send('GET', `/proc-meshes/${body.id}`)).body.state).toBe(
      'stopping',
    );
    const hasty = await api.send('POST', path, { timeout: '100ms' });
    expect(hasty).toMatchObject({ status: 424, body: { code: 'stop_incomplete' } });
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body.state).toBe('stopping');
    expect(await patient).toMatchObject({ status: 200, body: { procMesh: { state: 'stopped' } } });
  });
});

describe('the end of a mesh', () => {
  test.each(['stop', 'shutdown'] as const)('by %s ends its procs, each with how it ended', async (how) => {
    const api = await startTestApi({ timing });
    const meshId = await attachTo(api, [await startAgent(), await startAgent()], config);
    const { body } = await spawnOn(api, meshId, { perHost: { gpus: 2 } });
    const pids = (await procsOf(api, body.id)).map(({ pid }) => pid);
    expect((await api.send('POST', `/meshes/${meshId}/${how}`)).status).toBe(200);
    expect(pids.map(runs)).toEqual([false, false, false, false]);
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body).toMatchObject({
      state: 'stopped',
      counts: { total: 4, Stopped: 4 },
    });
    const texts = (await procsOf(api, body.id)).map(({ statusText }) => statusText);
    expect(new Set(texts)).toEqual(new Set(['stopped when its host was drained']));
    const late = await spawnOn(api, meshId);
    expect(late).toMatchObject({ status: 409, body: { code: 'mesh_ended' } });
  });

  test('by a later attach of its name ends its procs, and how they ended is known', async () => {
    const api = await startTestApi({ timing });
    const hosts = [await startAgent()];
    const meshId = await attachTo(api, hosts, config);
    const { body } = await spawnOn(api, meshId);
    const [proc] = await procsOf(api, body.id);
    const next = await attachTo(api, hosts, config);
    expect(next).not.toBe(meshId);
    await eventually(async () => (await procsOf(api, body.id)).map(({ statusText }) => statusText)).toEqual([
      'stopped when its host was drained',
    ]);
    expect(runs(proc?.pid ?? null)).toBe(false);
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body).toMatchObject({
      state: 'stopped',
      counts: { total: 1, Stopped: 1 },
    });
  });
});

test('a proc that is killed is told of to a client within a second, and again when all have ended', async () => {
  const api = await startTestApi({ timing });
  const meshId = await attachTo(api, [await startAgent()], config);
  const { body } = await spawnOn(api, meshId, { perHost: { gpus: 2 } });
  const [first, second] = await procsOf(api, body.id);
  const events: ApiEvent[] = [];
  const live = Promise.withResolvers<void>();
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  void followEvents(createClient({ baseUrl: await api.api.app.listen({ port: 0 }), token: TEST_TOKEN }), {
    filter: { procMesh: body.id },
    signal: ending.signal,
    onEvent: (event) => events.push(event),
    onState: (state) => state.kind === 'live' && live.resolve(),
  });
  await live.promise;
  process.kill(first?.pid ?? 0, 'SIGKILL');
  const killedAt = Date.now();
  const told = () =>
    events.flatMap((event) => (event.type === 'proc_mesh.procs_changed' ? event.procs : [])).at(-1);
  await eventually(told).toMatchObject({ rank: 0, status: 'Failed', signal: 'SIGKILL' });
  expect(Date.now() - killedAt).toBeLessThan(1000);
  process.kill(second?.pid ?? 0, 'SIGKILL');
  const states = () =>
    events.flatMap((event) => (event.type === 'proc_mesh.changed' ? [event.procMesh.state] : []));
  await eventually(() => states().at(-1)).toBe('stopped');
});
