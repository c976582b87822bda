import { createEpochSource, HostMesh, HostMeshRef } from '@hostmesh/host-mesh';
import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { emptyLayers } from '@hostmesh/core';
import { expect, test } from 'vitest';
import { hostMeshIdOf } from '../agents/stored-names.ts';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

const timing = { monitorMs: 200 };

async function attached(api: TestApi, hosts: readonly { readonly address: string }[]): Promise<string> {
  const body = { mesh: 'train', hosts: hosts.map(({ address }) => address) };
  return (await api.send('POST', '/attach-attempts', body)).body.meshId;
}
const healthOf = async (api: TestApi, id: string) => (await api.send('GET', `/meshes/${id}`)).body.hosts;
const attemptsOf = async (api: TestApi) =>
  (await api.send('GET', '/attach-attempts?kind=heal')).body.items.filter(
    ({ kind }: { kind: string }) => kind === 'heal',
  );
const spawnBody = { name: 'w', perHost: {}, command: { program: 'sim' } };

test('hosts that come back without their config get it again by themselves, all of them in one attempt, and the others keep theirs', async () => {
  const sim = await hostsOf({ count: 40 });
  const api = await startTestApi({ timing, heal: true });
  const id = await attached(api, sim.hosts);
  const before = (await api.send('GET', `/meshes/${id}`)).body;
  await Promise.all(sim.hosts.slice(1).map((_, index) => sim.restart(index + 1, 'config')));
  await eventually(() => attemptsOf(api)).toMatchObject([{ state: 'attached' }]);
  await eventually(() => healthOf(api, id)).toMatchObject({ healthy: 40 });
  const [heal] = await attemptsOf(api);
  expect(heal).toMatchObject({ meshId: id, requestedBy: 'console', counts: { total: 39, installed: 39 } });
  expect(sim.hosts.map(({ pushes }) => pushes)).toEqual([1, ...Array(39).fill(2)]);
  expect(sim.hosts.map(({ installedDigest }) => installedDigest)).toEqual(
    Array(40).fill(before.configDigest),
  );
  const { items } = (await api.send('GET', `/attach-attempts/${heal.id}/hosts`)).body;
  expect(items.slice(0, 2)).toMatchObject([
    { rank: 1, state: 'installed' },
    { rank: 2, state: 'installed' },
  ]);
  expect((await api.send('GET', `/meshes/${id}`)).body).toMatchObject({ attempt: before.attempt });
  const retried = await api.send('POST', `/attach-attempts/${heal.id}/retry`, { only: 'all' });
  expect(retried.status).toBe(409);
  const audit = (await api.send('GET', '/audit')).body.items;
  expect(audit).toContainEqual(expect.objectContaining({ actor: 'console', action: 'heal.ended' }));
});

test('a heal leaves a host alone that cannot be healed or that somebody has taken over, and keeps what the others got', async () => {
  const sim = await hostsOf({ count: 3 });
  const api = await startTestApi({ timing, heal: true });
  const id = await attached(api, sim.hosts);
  await sim.setFault(1, { kind: 'reject', code: 'disk_full' });
  const other = HostMeshRef.fromAddresses(hostMeshIdOf('theirs'), sim.addresses.slice(2));
  if (!other.ok) throw new Error(other.fault.message);
  const transport = createTransport({ agentKey: testAgentKey });
  const taken = await HostMesh.attachRef(other.value, {
    transport,
    owner: { clientId: 'them', label: 'them' },
    snapshot: makeSnapshot(emptyLayers),
    epoch: createEpochSource().next(),
  });
  expect(taken.ok).toBe(true);
  await Promise.all([sim.restart(0, 'config'), sim.restart(1, 'config')]);
  await eventually(() => attemptsOf(api)).toMatchObject([
    { state: 'failed', counts: { total: 2, installed: 1, failed: 1, restored: 0, residue: 0 } },
  ]);
  await eventually(() => healthOf(api, id)).toMatchObject({ configLost: 1 });
  const { items } = (await api.send('GET', `/meshes/${id}/hosts`)).body;
  expect(items.map(({ health }: { health: string }) => health)).toEqual([
    'healthy',
    'config_lost',
    'healthy',
  ]);
  expect(sim.hosts[2]?.pushes).toBe(2);
  await transport.close();
});

test('a spawn on a host that has lost its config is refused rank by rank where nobody heals, and healed before where the console does', async () => {
  const sim = await hostsOf({ count: 2 });
  const cold = await startTestApi({ timing });
  const id = await attached(cold, sim.hosts);
  await sim.restart(1, 'config');
  await eventually(() => healthOf(cold, id)).toMatchObject({ configLost: 1 });
  const refused = await cold.send('POST', `/meshes/${id}/proc-meshes`, spawnBody);
  expect(refused).toMatchObject({ status: 424, body: { code: 'spawn_failed' } });
  expect(refused.body.procFailures.map(({ rank }: { rank: number }) => rank)).toEqual([1]);
  expect(refused.text).toContain('config_missing');
  await cold.send('POST', `/meshes/${id}/stop`, {});

  const warm = await startTestApi({ timing, heal: true, clientId: 'api_warm' });
  const again = await attached(warm, sim.hosts);
  await sim.restart(1, 'config');
  await eventually(() => healthOf(warm, again)).toMatchObject({ configLost: 1 });
  const spawned = await warm.send('POST', `/meshes/${again}/proc-meshes`, spawnBody);
  expect(spawned.status).toBe(201);
  const { items } = (await warm.send('GET', `/proc-meshes/${spawned.body.id}/procs`)).body;
  const { configDigest } = (await warm.send('GET', `/meshes/${again}`)).body;
  expect(items).toMatchObject([{ configDigest }, { configDigest }]);
  expect((await warm.send('GET', `/procs/${items[0].id}`)).body.meshConfigDigest).toBe(configDigest);
});

test('whatever an operator asks for on a mesh goes before a heal of it', async () => {
  const sim = await hostsOf({ count: 2 });
  const api = await startTestApi({ timing, heal: true });
  const id = await attached(api, sim.hosts);
  await sim.setFault(1, { kind: 'answer_late', afterMs: 60_000 });
  await sim.restart(1, 'config');
  await eventually(() => attemptsOf(api)).toMatchObject([{ state: 'running' }]);
  const asked = await api.send('POST', `/meshes/${id}/push-config`, {}, { prefer: 'respond-async' });
  expect(asked.status).toBe(202);
  expect(await attemptsOf(api)).toMatchObject([{ state: 'cancelled' }]);
  await api.send('POST', `/attach-attempts/${asked.body.id}/cancel`);
});

test('a host goes back to the mesh that it was taken from last once its taker has ended, and is healed; the mesh before still knows who has it', async () => {
  const sim = await hostsOf({ count: 1 });
  const api = await startTestApi({ timing, heal: true });
  const hosts = sim.hosts.map(({ address }) => address);
  const attach = async (mesh: string, lines: number) => {
    const body = { mesh, hosts, takeOver: true, config: { READ_LOG_BUFFER: lines } };
    return (await api.send('POST', '/attach-attempts', body)).body.meshId;
  };
  const [first, second, third] = [
    await attach('first', 1),
    await attach('second', 2),
    await attach('third', 3),
  ];
  const hostOf = async (id: string) => (await api.send('GET', `/meshes/${id}/hosts`)).body.items[0];
  await eventually(() => hostOf(second)).toMatchObject({ takenOver: { mesh: 'third' } });

  await api.send('POST', `/meshes/${third}/stop`, {});
  await eventually(() => hostOf(second)).toMatchObject({ health: 'healthy', takenOver: null });
  await eventually(() => hostOf(first)).toMatchObject({
    health: 'config_lost',
    takenOver: { mesh: 'second' },
  });
  const held = (await api.send('GET', `/meshes/${second}`)).body.configDigest;
  expect(sim.hosts[0]?.installedDigest).toBe(held);

  await api.send('POST', `/meshes/${second}/stop`, {});
  await eventually(() => hostOf(first)).toMatchObject({ health: 'healthy', takenOver: null });
});
