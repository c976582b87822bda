import { describe, expect, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi, testDatabaseUrl, type TestApi } from '../testing/test-api.ts';

const timing = { monitorMs: 100 };
type Sim = Awaited<ReturnType<typeof hostsOf>>;

async function attach({ send }: TestApi, sim: Sim, config: object = {}): Promise<string> {
  const attached = await send('POST', '/attach-attempts', {
    mesh: 'train',
    hosts: listOf(sim.addresses),
    config,
  });
  expect(attached.status).toBe(201);
  return attached.body.meshId;
}
const healthOf = async ({ send }: TestApi, id: string) => (await send('GET', `/meshes/${id}`)).body.hosts;

describe('meshes', () => {
  test('hosts that fall silent stay listed with when they were last heard, and heal', async () => {
    const sim = await hostsOf({ count: 3 });
    const api = await startTestApi({ timing });
    const id = await attach(api, sim);
    await sim.setFault(1, { kind: 'refuse' });
    await eventually(() => healthOf(api, id)).toMatchObject({ healthy: 2, unreachable: 1 });
    const { items } = (await api.send('GET', `/meshes/${id}/hosts?health=unreachable`)).body;
    expect(items).toMatchObject([
      {
        rank: 1,
        point: 'hosts=1/3',
        hostId: sim.hosts[1]?.hostId,
        reason: expect.stringContaining('ECONNREFUSED'),
        lastHeardAt: expect.any(String),
      },
    ]);
    await sim.setFault(1, { kind: 'healthy' });
    await sim.restart(2, 'config');
    await eventually(() => healthOf(api, id)).toMatchObject({ healthy: 2, configLost: 1 });
  });

  test('a push sends again what the mesh has, changed as asked, and heals hosts that lost it', async () => {
    const sim = await hostsOf({ count: 2 });
    const api = await startTestApi({ timing });
    const id = await attach(api, sim, { PROC_STOP_MAX_IDLE: '5s' });
    await sim.restart(0, 'config');
    await eventually(() => healthOf(api, id)).toMatchObject({ configLost: 1 });
    const again = await api.send('POST', `/meshes/${id}/push-config`, {});
    expect(again).toMatchObject({ status: 201, body: { kind: 'push', meshId: id, state: 'attached' } });
    expect((await api.send('GET', `/meshes/${id}`)).body.configDigest).toBe(again.body.configDigest);
    expect(sim.hosts.map((host) => host.installedDigest)).toEqual(Array(2).fill(again.body.configDigest));
    await eventually(() => healthOf(api, id)).toMatchObject({ healthy: 2 });

    const changed = await api.send('POST', `/meshes/${id}/push-config`, {
      config: { PROC_SPAWN_MAX_IDLE: '9s' },
    });
    expect(changed.status).toBe(201);
    const json = await api.db.snapshotJson(changed.body.configDigest);
    expect(JSON.parse(json ?? '')).toMatchObject({ PROC_STOP_MAX_IDLE: '5s', PROC_SPAWN_MAX_IDLE: '9s' });
  });

  test('a push that fails on a host leaves the mesh with the config of before', async () => {
    const sim = await hostsOf({ count: 3 });
    const api = await startTestApi({ timing });
    const id = await attach(api, sim);
    const before = (await api.send('GET', `/meshes/${id}`)).body.configDigest;
    await sim.setFault(2, { kind: 'reject', code: 'internal' });
    const failed = await api.send('POST', `/meshes/${id}/push-config`, {
      config: { PROC_STOP_MAX_IDLE: '3s' },
    });
    expect(failed).toMatchObject({
      status: 424,
      body: { failures: [{ rank: 2, failure: { kind: 'Rejected' } }] },
    });
    expect(sim.hosts.map((host) => host.installedDigest)).toEqual(Array(3).fill(before));
    expect((await api.send('GET', `/meshes/${id}`)).body).toMatchObject({
      state: 'attached',
      configDigest: before,
    });
    await eventually(() => healthOf(api, id)).toMatchObject({ healthy: 3 });
  });

  test('a stop gives hosts back and tells of each; the mesh has ended then', async () => {
    const sim = await hostsOf({ count: 2 });
    const api = await startTestApi();
    const id = await attach(api, sim);
    const stopped = await api.send('POST', `/meshes/${id}/stop`);
    expect(stopped).toMatchObject({
      status: 200,
      body: {
        mesh: { state: 'stopped', hosts: { released: 2 } },
        outcomes: [
          { rank: 0, outcome: 'done' },
          { rank: 1, outcome: 'done' },
        ],
      },
    });
    await eventually(() => sim.hosts.map((host) => host.connections)).toEqual([0, 0]);
    for (const [path, body] of [['stop'], ['shutdown'], ['push-config', {}]] as const) {
      const late = await api.send('POST', `/meshes/${id}/${path}`, body);
      expect(late).toMatchObject({ status: 409, body: { code: 'mesh_ended' } });
    }
    expect((await api.send('POST', '/meshes/none/stop')).status).toBe(404);
    const bad = await api.send('POST', `/meshes/${id}/stop`, { timeout: 'x' });
    expect(bad.body.errors).toMatchObject([{ field: 'timeout' }]);
  });

  test('a shutdown that a host does not follow is told, and the mesh stays attached', async () => {
    const sim = await hostsOf({ count: 2 });
    const api = await startTestApi({ timing });
    const id = await attach(api, sim);
    await sim.setFault(1, { kind: 'refuse' });
    const incomplete = await api.send('POST', `/meshes/${id}/shutdown`, { timeout: '2s' });
    expect(incomplete).toMatchObject({
      status: 424,
      body: { code: 'end_incomplete', errors: [{ field: listOf(sim.addresses)[1] }] },
    });
    expect((await api.send('GET', `/meshes/${id}`)).body.state).toBe('attached');
    const stopped = await api.send('POST', `/meshes/${id}/stop`, { timeout: '2s' });
    expect(stopped.body.mesh.state).toBe('stopped');
  });

  test('a stop whose end could not be recorded is taken back, and can be asked for again', async () => {
    const sim = await hostsOf({ count: 2 });
    let failures = 1;
    const api = await startTestApi({
      timing: { ...timing, leaseMs: 3000 },
      wrap: (db) => ({
        ...db,
        meshes: {
          ...db.meshes,
          finishEnd: (...args) => {
            if (failures-- > 0) throw new Error('no connection');
            return db.meshes.finishEnd(...args);
          },
        },
      }),
    });
    const id = await attach(api, sim);
    expect((await api.send('POST', `/meshes/${id}/stop`)).status).toBe(500);
    await eventually(async () => (await api.send('GET', `/meshes/${id}`)).body.state).toBe('attached');
    await eventually(() => healthOf(api, id)).toMatchObject({ healthy: 2 });
    expect((await api.send('POST', `/meshes/${id}/stop`)).body.mesh.state).toBe('stopped');
  });

  test('an API that starts again watches its meshes again, and knows no more than it has heard', async () => {
    const sim = await hostsOf({ count: 2 });
    const databaseUrl = await testDatabaseUrl();
    const former = await startTestApi({ databaseUrl, timing });
    const id = await attach(former, sim);
    await former.api.stop(0);
    await sim.setFault(1, { kind: 'refuse' });

    const api = await startTestApi({ databaseUrl, timing });
    await eventually(() => healthOf(api, id)).toMatchObject({ healthy: 1, unreachable: 1 });
    const [silent] = (await api.send('GET', `/meshes/${id}/hosts?health=unreachable`)).body.items;
    expect(silent).toMatchObject({ hostId: sim.hosts[1]?.hostId, lastHeardAt: expect.any(String) });
    const pushed = await api.send('POST', `/meshes/${id}/push-config`, { timeout: '1s' });
    expect(pushed).toMatchObject({ status: 424, body: { failures: [{ rank: 1 }] } });
  });

  test('the config of a host is asked for now, and its silence has a status of its own', async () => {
    const sim = await hostsOf({ count: 2 });
    const api = await startTestApi();
    await attach(api, sim);
    const [first, second] = sim.hosts;
    const config = await api.send('GET', `/hosts/${first?.hostId}/config`);
    expect(config).toMatchObject({
      status: 200,
      body: { hostId: first?.hostId, digest: first?.installedDigest, owner: 'hostmesh@test' },
    });
    expect((await api.send('GET', '/hosts/nobody/config')).status).toBe(404);
    await sim.setFault(1, { kind: 'refuse' });
    const refused = await api.send('GET', `/hosts/${second?.hostId}/config`);
    expect(refused).toMatchObject({ status: 502, body: { code: 'host_unreachable' } });
  });

  test('a preflight says what an attach would meet, and sends no config', async () => {
    const sim = await hostsOf({ count: 3, faults: { 1: { kind: 'refuse' } } });
    const { send } = await startTestApi();
    const body = { mesh: 'train', hosts: listOf(sim.addresses), config: { PROC_STOP_MAX_IDLE: '5s' } };
    const looked = await send('POST', '/preflight', body);
    expect(looked.status).toBe(200);
    expect(looked.body).toMatchObject({
      counts: { total: 3, reachable: 2, failed: 1 },
      hosts: [
        { reachable: true, currentDigest: null },
        { reachable: false, failure: { code: 'ECONNREFUSED' } },
        { reachable: true },
      ],
    });
    expect(sim.hosts.map((host) => host.pushes)).toEqual([0, 0, 0]);
    expect((await send('GET', '/attach-attempts')).body.items).toEqual([]);
    expect((await send('POST', '/preflight', { ...body, hosts: [] })).body.code).toBe('invalid_hosts');
  });
});
