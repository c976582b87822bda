import { connect, createServer } from 'node:net';
import type { SimHosts } from '@hostmesh/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi, type TestApi } from '../testing/test-api.ts';

const sleeper = { name: 'w', command: { program: 'sleep', args: ['600'] } };
const spawnOn = (api: TestApi, meshId: string) => api.send('POST', `/meshes/${meshId}/proc-meshes`, sleeper);
const attach = (api: TestApi, mesh: string, hosts: readonly string[], more: object = {}) =>
  api.send('POST', '/attach-attempts', { mesh, hosts, ...more });
const localhost = (address: string) => address.replace('127.0.0.1', 'localhost');
const aliveOn = (sim: SimHosts) =>
  sim.hosts.flatMap(({ procs }) => procs).filter(({ status }) => status.kind === 'Ready').length;
const statesOf = async (api: TestApi, id: string) => (await api.send('GET', `/proc-meshes/${id}`)).body.state;

test('the same hosts under the same name are pushed to in place, however they are spelled; other hosts take permission, and what ended is told', async () => {
  const sim = await hostsOf({ count: 3 });
  const api = await startTestApi();
  const [a = '', b = '', c = ''] = listOf(sim.addresses);
  const first = await attach(api, 'train', [a, b]);
  expect(first.status).toBe(201);
  const { meshId } = first.body;
  const procs = await spawnOn(api, meshId);
  expect(procs.status).toBe(201);

  const again = await attach(api, 'train', [localhost(a), b], { config: { PROC_STOP_MAX_IDLE: '7s' } });
  expect(again).toMatchObject({ status: 200, body: { kind: 'push', meshId, ended: null, tookOver: null } });
  const later = await api.send(
    'POST',
    '/attach-attempts',
    { mesh: 'train', hosts: [a, b] },
    { prefer: 'respond-async' },
  );
  expect(later).toMatchObject({ status: 202, body: { kind: 'push', meshId } });
  await eventually(async () => (await api.send('GET', `/attach-attempts/${later.body.id}`)).body.state).toBe(
    'attached',
  );

  // Other hosts, another order, another shape: each would end what runs.
  const shape = { extent: { racks: 2, hosts: 1 } };
  for (const [hosts, more] of [
    [[a, c], {}],
    [[b, a], {}],
    [[a, b], shape],
  ] as const) {
    const ends = {
      meshId,
      procMeshes: [{ id: procs.body.id, name: 'w', running: 2 }],
      procs: 2,
      hostsLetGo: hosts.includes(b) ? [] : [b],
    };
    const refused = await attach(api, 'train', hosts, more);
    expect(refused).toMatchObject({ status: 409, body: { code: 'mesh_exists', ends } });
    const looked = await api.send('POST', '/preflight', { mesh: 'train', hosts, ...more });
    expect(looked.body).toMatchObject({ replaces: ends, verdict: { kind: 'would_fail' } });
  }
  expect(await statesOf(api, procs.body.id)).toBe('running');
  const calm = await api.send('POST', '/preflight', { mesh: 'train', hosts: [a, localhost(b)] });
  expect(calm.body).toMatchObject({ replaces: null, inUse: null, verdict: { kind: 'fine' } });

  const replaced = await attach(api, 'train', [a, c], { replace: true });
  const ended = { meshId, procMeshes: [{ name: 'w', running: 2 }], procs: 2, hostsLetGo: [b] };
  expect(replaced).toMatchObject({ status: 201, body: { ended } });
  expect(replaced.body.summary).toContain(`2 procs of w were told to end, and 1 host was let go (${b})`);
  await eventually(() => aliveOn(sim)).toBe(0);
  const { items } = (await api.send('GET', '/audit')).body;
  expect(items.map(({ outcome }: { outcome: string }) => outcome).join()).toContain(
    '2 procs of w were told to end',
  );
});

test('hosts of another mesh are taken over with permission alone, by whatever address; both meshes say by whom, and it is never taken back unsaid', async () => {
  const sim = await hostsOf({ count: 3 });
  const api = await startTestApi();
  const [a = '', b = '', c = ''] = listOf(sim.addresses);
  const { meshId } = (await attach(api, 'one', [a, b])).body;
  const procs = await spawnOn(api, meshId);

  const inUse = {
    meshes: [{ id: meshId, name: 'one', hosts: [b], procMeshes: [{ name: 'w', running: 1 }] }],
    procs: 1,
  };
  const refused = await attach(api, 'two', [localhost(b), c]);
  expect(refused).toMatchObject({ status: 409, body: { code: 'hosts_in_use', inUse } });
  expect(refused.body.detail).toContain(`mesh one uses 1 host (${b}), 1 proc of w runs there`);
  const looked = await api.send('POST', '/preflight', { mesh: 'two', hosts: [b, c] });
  expect(looked.body).toMatchObject({ inUse, replaces: null, verdict: { kind: 'would_fail' } });
  expect(sim.hosts[1]?.pushes).toBe(1);

  const taken = await attach(api, 'two', [b, c], { takeOver: true });
  expect(taken).toMatchObject({ status: 201, body: { tookOver: inUse } });
  const hostOf = async (id: string, rank: number) =>
    (await api.send('GET', `/meshes/${id}/hosts`)).body.items[rank];
  const takenOver = { attemptId: taken.body.id, mesh: 'two', meshId: taken.body.meshId, by: 'tester' };
  await eventually(() => hostOf(meshId, 1)).toMatchObject({ health: 'config_lost', takenOver });
  expect((await hostOf(meshId, 1)).reason).toContain(
    `taken over by mesh two (attempt ${taken.body.id}, tester) at 20`,
  );
  expect(await hostOf(meshId, 0)).toMatchObject({ health: 'healthy', takenOver: null });
  expect(await statesOf(api, procs.body.id)).toBe('running');
  expect(aliveOn(sim)).toBe(2);

  // A push to the mesh that lost the host would take it back.
  const push = await api.send('POST', `/meshes/${meshId}/push-config`, {});
  expect(push).toMatchObject({
    status: 409,
    body: { code: 'hosts_in_use', inUse: { meshes: [{ name: 'two' }] } },
  });
  expect((await api.send('POST', `/meshes/${meshId}/push-config`, { takeOver: true })).status).toBe(201);
  expect(await hostOf(meshId, 1)).toMatchObject({ health: 'healthy', takenOver: null });
  await eventually(() => hostOf(taken.body.meshId, 0)).toMatchObject({ takenOver: { mesh: 'one' } });

  // What ends holds nothing any longer.
  await api.send('POST', `/meshes/${meshId}/stop`, {});
  expect((await api.db.meshes.takenOver(taken.body.meshId)).size).toBe(0);
  expect((await api.send('POST', `/meshes/${taken.body.meshId}/push-config`, {})).status).toBe(201);
});

test('of attaches that meet on a host at once one wins; the other names the mesh that has it and leaves nothing behind', async () => {
  const sim = await hostsOf({ count: 2 });
  const api = await startTestApi();
  const hosts = listOf(sim.addresses);
  const together = await Promise.all(['one', 'two', 'three'].map((mesh) => attach(api, mesh, hosts)));
  const won = together.filter(({ status }) => status === 201);
  expect(won).toHaveLength(1);
  for (const lost of together.filter((reply) => !won.includes(reply))) {
    expect([409, 424]).toContain(lost.status);
    expect(lost.text).toMatch(/hosts_in_use|stale_epoch/);
  }
  expect((await api.send('GET', '/meshes?state=attached')).body.items).toHaveLength(1);
  await eventually(() => sim.hosts.map((host) => host.installedDigest)).toEqual(
    hosts.map(() => won[0]?.body.configDigest),
  );
});

test('a host that turns out to be in use, by an address that nobody could know, is refused before anything is sent to it', async () => {
  const sim = await hostsOf({ count: 1 });
  const api = await startTestApi();
  const [a = ''] = listOf(sim.addresses);
  await attach(api, 'one', [a]);
  const relay = createServer((socket) => socket.pipe(connect(Number(a.split(':').at(-1)))).pipe(socket));
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void relay.close());
  const at = relay.address();
  const hidden = `tcp:127.0.0.1:${at === null || typeof at === 'string' ? '' : at.port}`;
  const refused = await attach(api, 'two', [hidden]);
  expect(refused).toMatchObject({
    status: 424,
    body: { failures: [{ address: hidden, failure: { kind: 'Rejected', code: 'hosts_in_use' } }] },
  });
  expect(refused.body.failures[0].failure.message).toContain('in use by mesh one');
  expect(sim.hosts[0]?.pushes).toBe(1);
  // By now its id is known: a retry is refused before it begins.
  const retried = await api.send('POST', `/attach-attempts/${refused.body.attemptId}/retry`, { only: 'all' });
  expect(retried).toMatchObject({ status: 409, body: { code: 'hosts_in_use' } });
});

test('an agent that claims the id of a host of another mesh, which answers elsewhere, is refused even where hosts may be taken over', async () => {
  const idPrefix = 'host_copied';
  const [sim, copy] = await Promise.all([hostsOf({ count: 1, idPrefix }), hostsOf({ count: 1, idPrefix })]);
  // The simulated ones count their starts: a copy has been started more often.
  await copy.restart(0);
  const api = await startTestApi({ timing: { monitorMs: 100 } });
  const [a = ''] = listOf(sim.addresses);
  const [b = ''] = listOf(copy.addresses);
  const { meshId } = (await attach(api, 'one', [a])).body;
  await eventually(async () => (await api.db.meshes.holders('two')).values().next().value).toMatchObject({
    address: a,
    isHeard: true,
    incarnation: expect.any(String),
  });
  const claims = `two agents claim to be ${sim.hosts[0]?.hostId}, this one and that at ${a} of mesh one`;
  for (const takeOver of [false, true]) {
    const looked = await api.send('POST', '/preflight', { mesh: 'two', hosts: [b], takeOver });
    expect(looked.body).toMatchObject({ inUse: null, verdict: { kind: 'would_fail' } });
    expect(looked.body.hosts[0].warnings[0]).toContain(claims);
    const failure = { kind: 'Rejected', code: 'host_id_conflict', message: expect.stringContaining(claims) };
    expect(await attach(api, 'two', [b], { takeOver })).toMatchObject({
      status: 424,
      body: { failures: [{ address: b, failure }] },
    });
  }
  expect(copy.hosts[0]?.pushes).toBe(0);
  expect((await api.send('GET', `/meshes/${meshId}/hosts`)).body.items[0]).toMatchObject({
    health: 'healthy',
  });

  // Where it no longer answers there, it has moved: the same host, which is in use, and may be taken over.
  await sim.setFault(0, { kind: 'refuse' });
  await eventually(async () => (await api.send('GET', `/meshes/${meshId}`)).body.hosts.unreachable).toBe(1);
  const moved = await attach(api, 'two', [b], { takeOver: true });
  expect(moved).toMatchObject({ status: 201, body: { tookOver: { meshes: [{ name: 'one' }] } } });
});

test('the next step after a failed attach can be the mesh without the failed: smaller, with its parent and those left out', async () => {
  const sim = await hostsOf({ count: 3, faults: { 1: { kind: 'refuse' } } });
  const api = await startTestApi();
  const hosts = listOf(sim.addresses);
  const failed = await attach(api, 'train', hosts);
  const parentId = failed.body.attemptId;
  const leftOut = { total: 1, hosts: [{ rank: 1, address: hosts[1] }] };
  const smaller = await api.send('POST', `/attach-attempts/${parentId}/retry`, { only: 'installed' });
  expect(smaller).toMatchObject({
    status: 201,
    body: { parentId, leftOut, counts: { total: 2, installed: 2 } },
  });
  expect(smaller.body.summary).toContain('without 1 host of the attempt that it retries');
  const mesh = (await api.send('GET', `/meshes/${smaller.body.meshId}`)).body;
  expect(mesh.extent).toEqual({ hosts: 2 });
  // By then the mesh is there: all three again would be another one.
  await sim.setFault(1, { kind: 'healthy' });
  const all = await api.send('POST', `/attach-attempts/${parentId}/retry`, { only: 'all' });
  expect(all).toMatchObject({ status: 409, body: { code: 'mesh_exists', ends: { hostsLetGo: [] } } });
  const grown = await api.send('POST', `/attach-attempts/${parentId}/retry`, { only: 'all', replace: true });
  expect(grown).toMatchObject({ status: 201, body: { ended: { meshId: mesh.id }, leftOut: null } });
});

test('the procs of a mesh that nobody looks after any longer end, too, when another takes its place', async () => {
  const sim = await hostsOf({ count: 2 });
  const [a = '', b = ''] = listOf(sim.addresses);
  const first = await startTestApi();
  // Nobody else would end them before the test does.
  const config = { MESH_ORPHAN_TIMEOUT: '1h' };
  const { meshId } = (await attach(first, 'train', [a], { config })).body;
  await spawnOn(first, meshId);
  await first.api.stop(1000);
  expect(aliveOn(sim)).toBe(1);
  const second = await startTestApi({
    databaseUrl: first.databaseUrl,
    // It has taken nothing up yet.
    wrap: (db) => ({ ...db, meshes: { ...db.meshes, claim: async () => [] } }),
  });
  expect((await attach(second, 'train', [b], { replace: true })).status).toBe(201);
  await eventually(() => aliveOn(sim)).toBe(0);
});
