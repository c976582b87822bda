import type { Database } from '@hostmesh/db';
import { expect, test } from 'vitest';
import { startAgent } from '../testing/api-agent.ts';
import { eventually } from '../testing/patience.ts';
import { perFile } from '../testing/per-file.ts';
import {
  attachTo,
  borrowMesh,
  giveBack,
  procsOf,
  runs,
  shellCommand,
  spawnOn,
} from '../testing/proc-requests.ts';
import { startTestApi, testDatabaseUrl } from '../testing/test-api.ts';

const timing = { monitorMs: 200, leaseMs: 3000 };
/** One host, on which each test has a mesh of its own. */
const host = perFile(() => startAgent());
const config = { PROCESS_EXIT_TIMEOUT: '300ms' };

/** A call that fails as often as `times` says, and then is carried out. */
function failing<A extends unknown[], T>(
  times: { left: number },
  call: (...args: A) => T,
): (...args: A) => T {
  return (...args) => {
    if (times.left-- > 0) throw new Error('Connection terminated');
    return call(...args);
  };
}

test('a stop that comes while the end of a spawn is being recorded stops what has become ready', async () => {
  const gate = Promise.withResolvers<void>();
  const wrap = (db: Database): Database => ({
    ...db,
    procMeshes: {
      ...db.procMeshes,
      finishSpawn: async (...args) => {
        await gate.promise;
        return db.procMeshes.finishSpawn(...args);
      },
    },
  });
  const api = await startTestApi({ timing, wrap });
  const meshId = await borrowMesh(api, [host()], config);
  const { body } = await spawnOn(api, meshId, {}, { prefer: 'respond-async' });
  await eventually(async () => (await procsOf(api, body.id)).map(({ status }) => status)).toEqual([
    'Running',
  ]);
  const [proc] = await procsOf(api, body.id);
  const stopping = api.send('POST', `/proc-meshes/${body.id}/stop`);
  gate.resolve();
  expect(await stopping).toMatchObject({
    status: 200,
    body: {
      procMesh: { state: 'stopped' },
      outcomes: [{ outcome: 'stopped', hostAddress: proc?.hostAddress }],
    },
  });
  expect(runs(proc?.pid ?? null)).toBe(false);
});

test('a mesh that could not be taken up at the start is taken up later, with its procs', async () => {
  const databaseUrl = await testDatabaseUrl();
  const former = await startTestApi({ databaseUrl, timing });
  const meshId = await attachTo(former, [host()], config);
  const { body } = await spawnOn(former, meshId);
  const [proc] = await procsOf(former, body.id);
  await former.api.stop(0);

  const times = { left: 1 };
  const wrap = (db: Database): Database => ({
    ...db,
    procMeshes: { ...db.procMeshes, listLive: failing(times, db.procMeshes.listLive) },
  });
  const api = await startTestApi({ databaseUrl, timing, wrap });
  giveBack(api, meshId);
  await eventually(() => times.left).toBeLessThan(0);
  process.kill(proc?.pid ?? 0, 'SIGKILL');
  await eventually(async () => (await procsOf(api, body.id)).map(({ statusText }) => statusText)).toEqual([
    'killed by SIGKILL',
  ]);
});

test('a proc mesh whose last proc ends while the database is away ends when it is back', async () => {
  const times = { left: 0 };
  const wrap = (db: Database): Database => ({
    ...db,
    procs: { ...db.procs, record: failing(times, db.procs.record) },
  });
  const api = await startTestApi({ timing, wrap });
  const meshId = await borrowMesh(api, [host()], config);
  const { body } = await spawnOn(api, meshId);
  const [proc] = await procsOf(api, body.id);
  // More often than it is tried before a flush gives up.
  times.left = 20;
  process.kill(proc?.pid ?? 0, 'SIGKILL');
  await eventually(async () => (await api.send('GET', `/proc-meshes/${body.id}`)).body.state).toBe('failed');
  expect(times.left).toBeLessThan(0);
});

test('a spawn that was written down and could not be begun has failed, and nothing of it was started', async () => {
  const times = { left: 1 };
  const wrap = (db: Database): Database => ({
    ...db,
    procs: { ...db.procs, read: failing(times, db.procs.read) },
  });
  const api = await startTestApi({ timing, wrap });
  const meshId = await borrowMesh(api, [host()], config);
  expect((await spawnOn(api, meshId, { command: shellCommand('sleep 60') })).status).toBe(503);
  await eventually(async () => (await api.send('GET', '/proc-meshes')).body.items).toMatchObject([
    { state: 'spawn_failed', counts: { total: 1, NotExist: 1 }, residue: 0 },
  ]);
});

test('a stop of a mesh that could not be begun can be asked for again', async () => {
  const times = { left: 0 };
  const wrap = (db: Database): Database => ({
    ...db,
    meshes: { ...db.meshes, get: failing(times, db.meshes.get) },
  });
  const api = await startTestApi({ timing, wrap });
  const meshId = await borrowMesh(api, [host()], config);
  times.left = 1;
  expect((await api.send('POST', `/meshes/${meshId}/stop`)).status).toBe(503);
  await eventually(async () => (await api.send('POST', `/meshes/${meshId}/stop`)).status).toBe(200);
});
