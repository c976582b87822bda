import { routeActs, type Change, type StateChange } from '@hostmesh/contract';
import { expect, test } from 'vitest';
import { hashOfSecret } from '../id/random-id.ts';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi, testDatabaseUrl, type TestApi } from '../testing/test-api.ts';

const timing = { monitorMs: 100 };
const healthOf = async ({ send }: TestApi, id: string) => (await send('GET', `/meshes/${id}`)).body.hosts;
const itemsOf = async ({ send }: TestApi, path: string): Promise<StateChange[]> =>
  (await send('GET', path)).body.items;
const changesOf = async ({ send }: TestApi, query: string): Promise<Change[]> =>
  (await send('GET', `/changes?limit=1000&${query}`)).body.items;
const steps = (changes: readonly StateChange[]) => changes.map(({ from, to }) => `${from} > ${to}`);

async function attach(api: TestApi, mesh: string, hosts: readonly string[], more: object = {}) {
  const { status, body } = await api.send('POST', '/attach-attempts', { mesh, hosts, ...more });
  expect(status).toBe(201);
  return body;
}

test('a host that was silent and came back has both in its history, with why and for how long, also across a restart of the API', async () => {
  const sim = await hostsOf({ count: 2 });
  const databaseUrl = await testDatabaseUrl();
  const first = await startTestApi({ timing, databaseUrl });
  const { id: attemptId, meshId } = await attach(first, 'train', listOf(sim.addresses));
  await sim.setFault(1, { kind: 'refuse' });
  await eventually(() => healthOf(first, meshId)).toMatchObject({ unreachable: 1 });
  await sim.setFault(1, { kind: 'healthy' });
  await eventually(() => healthOf(first, meshId)).toMatchObject({ healthy: 2 });
  await sim.setFault(1, { kind: 'refuse' });
  await eventually(() => healthOf(first, meshId)).toMatchObject({ unreachable: 1 });
  await first.api.stop(0);

  const api = await startTestApi({ timing, databaseUrl });
  await sim.setFault(1, { kind: 'healthy' });
  await eventually(() => healthOf(api, meshId)).toMatchObject({ healthy: 2 });
  const path = `/meshes/${meshId}/hosts/1/history`;
  await eventually(async () => (await itemsOf(api, path))[0]?.to).toBe('healthy');
  const history = await itemsOf(api, path);
  expect(steps(history).slice(-4)).toEqual([
    'unreachable > connecting',
    'healthy > unreachable',
    'unreachable > healthy',
    'healthy > unreachable',
  ]);
  expect(history.at(-1)).toMatchObject({
    why: expect.stringContaining('ECONNREFUSED'),
    by: 'console',
    act: 'observe',
    durationMs: expect.any(Number),
  });
  expect(history.at(-4)).toMatchObject({ by: 'console', act: 'resume' });
  expect(history[0]).toMatchObject({ to: 'healthy', durationMs: null });

  // Page by page the same, and what is wrong is named.
  const { body: page } = await api.send('GET', `${path}?limit=1`);
  expect(page).toMatchObject({ items: [history[0]], total: history.length });
  expect((await api.send('GET', `${path}?limit=1&cursor=${page.nextCursor}`)).body.items).toEqual([
    history[1],
  ]);
  expect(steps(await itemsOf(api, `/meshes/${meshId}/history`))).toEqual(['null > attached']);
  expect(steps(await itemsOf(api, `/attach-attempts/${attemptId}/history`))).toEqual([
    'running > attached',
    'null > running',
  ]);
  for (const none of [
    `/meshes/no/history`,
    `/meshes/${meshId}/hosts/2/history`,
    `/attach-attempts/no/history`,
  ])
    expect((await api.send('GET', none)).status).toBe(404);
  for (const [query, field] of [
    ['cursor=x', 'cursor'],
    ['state=fine', 'state'],
    ['kind=proc', 'kind'],
    ['since=yesterday', 'since'],
    ['limit=0', 'limit'],
    ['who=me', 'who'],
  ])
    expect((await api.send('GET', `/changes?${query}`)).body).toMatchObject({ errors: [{ field }] });

  // The console itself was away in between.
  const ofApi = (await changesOf(api, 'kind=engine')).filter(
    ({ of }) => of.kind === 'engine' && of.part === 'api',
  );
  expect(steps(ofApi)).toEqual(['stopped > running', 'running > stopped', 'null > running']);

  const hostId = sim.hosts[1]?.hostId;
  expect(steps(await changesOf(api, `host=${hostId}`))).toEqual(steps(history));
  const silent = await changesOf(api, `mesh=${meshId}&kind=host&state=unreachable`);
  expect(silent.map(({ of }) => of)).toEqual(
    Array(2).fill({
      kind: 'host',
      meshId,
      mesh: 'train',
      rank: 1,
      hostId,
      address: listOf(sim.addresses)[1],
    }),
  );
  const [late, early] = silent.map(({ at }) => at);
  expect(await changesOf(api, `state=unreachable&since=${late}`)).toMatchObject([{ at: late }]);
  expect(await changesOf(api, `state=unreachable&until=${late}`)).toMatchObject([{ at: early }]);
  expect(steps(await changesOf(api, `attempt=${attemptId}`))).toEqual([
    'running > attached',
    'null > running',
  ]);
});

test('every route that changes a state has that recorded with who asked and by which act, and what nobody asked for is the console’s', async () => {
  const sim = await hostsOf({ count: 4 });
  const [a = '', b = '', c = '', d = ''] = listOf(sim.addresses);
  const api = await startTestApi({ timing, heal: true });
  await api.db.tokens.create({
    id: 'tok_2',
    name: 'ops',
    hash: hashOfSecret('hm_ops'),
    createdAt: new Date(),
  });
  const asOps = { authorization: 'Bearer hm_ops' };
  const ops = (path: string, body?: object) => api.send('POST', path, body, asOps);
  const spawn = { name: 'w', perHost: {}, command: { program: 'sim' } };

  // Somebody else's proc on a host that is ours afterwards.
  const other = await startTestApi({ clientId: 'api_other', timing });
  const theirs = await attach(other, 'theirs', [d]);
  const foreign = await other.send('POST', `/meshes/${theirs.meshId}/proc-meshes`, spawn);
  expect(foreign.status).toBe(201);

  const { meshId } = await attach(api, 'train', [a, b]);
  expect((await ops(`/meshes/${meshId}/push-config`, {})).status).toBe(201);
  // To a host that is well a push is no change.
  expect(await changesOf(api, 'kind=host')).toEqual([]);
  await sim.restart(0, 'config');
  await eventually(() => changesOf(api, 'kind=attempt&state=attached')).toHaveLength(3);
  const procs = await api.send('POST', `/meshes/${meshId}/proc-meshes`, spawn);
  expect(procs.status).toBe(201);
  expect((await ops(`/proc-meshes/${procs.body.id}/stop`)).status).toBe(200);

  await sim.setFault(2, { kind: 'hang_after_hello' });
  const begun = await api.send(
    'POST',
    '/attach-attempts',
    { mesh: 'late', hosts: [c], timeout: '1m' },
    { prefer: 'respond-async' },
  );
  expect((await ops(`/attach-attempts/${begun.body.id}/cancel`)).body.state).toBe('cancelled');
  await sim.setFault(2, { kind: 'healthy' });
  const retried = await ops(`/attach-attempts/${begun.body.id}/retry`, { only: 'all' });
  expect(retried.status).toBe(201);

  await attach(api, 'train', [b, d], { replace: true });
  const taker = await attach(api, 'taker', [c], { takeOver: true });
  const [orphan] = (await api.send('GET', '/orphans')).body.items;
  const { procId, procMeshId, meshId: train, hostRank } = orphan;
  const stopped = await ops('/orphans/stop', { procs: [{ procId, procMeshId, meshId: train, hostRank }] });
  expect(stopped.body.outcomes).toMatchObject([{ outcome: 'stopped' }]);

  await sim.setFault(1, { kind: 'refuse' });
  await eventually(() => healthOf(api, train)).toMatchObject({ unreachable: 1 });
  expect((await ops(`/meshes/${train}/hosts/0/forget`, {})).status).toBe(200);
  expect((await ops(`/meshes/${taker.meshId}/shutdown`, { endOthers: true })).status).toBe(200);
  expect((await ops(`/meshes/${train}/stop`, { timeout: '1s' })).status).toBe(200);

  const known = new Map<string, string>();
  await eventually(async () => {
    for (const { act, by, to, of } of (await changesOf(api, '')).toReversed())
      known.set(`${act} ${of.kind} ${to}`, by ?? 'nobody');
    return known.get('forget host connecting');
  }).toBe('ops');
  expect(Object.fromEntries(known)).toMatchObject({
    'attach attempt running': 'tester',
    'attach mesh attached': 'tester',
    'push attempt attached': 'ops',
    'heal attempt attached': 'console',
    'heal host healthy': 'console',
    'observe host config_lost': 'console',
    'spawn proc_mesh running': 'tester',
    'stop_procs proc_mesh stopping': 'ops',
    'stop_procs proc_mesh stopped': 'ops',
    'cancel attempt cancelled': 'ops',
    'retry attempt running': 'ops',
    'retry mesh attached': 'ops',
    'replace mesh replaced': 'tester',
    'replace host released': 'tester',
    'stop_orphans orphan stopped': 'ops',
    'shutdown mesh stopping': 'ops',
    'shutdown mesh shut_down': 'ops',
    'shutdown host released': 'ops',
    'stop mesh stopped': 'ops',
    'stop host released': 'ops',
  });
  expect([...known.values()]).not.toContain('nobody');
  const acts = new Set((await changesOf(api, '')).map(({ act }) => act));
  expect(Object.values(routeActs).filter((act) => act !== null && !acts.has(act))).toEqual([]);
  const taken = await changesOf(api, `mesh=${retried.body.meshId}&kind=host`);
  expect(taken.find(({ act }) => act === 'take_over')).toMatchObject({
    by: 'tester',
    why: expect.stringContaining(taker.id),
  });
});
