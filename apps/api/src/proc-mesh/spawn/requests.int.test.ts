import { request as httpRequest } from 'node:http';
import type { Database } from '@hostmesh/db';
import { describe, expect, test } from 'vitest';
import { eventually } from '../../testing/patience.ts';
import { attachTo, procsOf, spawnOn } from '../../testing/proc-requests.ts';
import { hostsOf } from '../../testing/sim-hosts.ts';
import { listOf, startTestApi, type TestApi } from '../../testing/test-api.ts';

const sim = (...args: string[]) => ({ command: { program: 'sim', args } });
const slow = { ...sim('never-ready'), readiness: { kind: 'output', contains: 'never' }, timeout: '5s' };

async function meshOf(api: TestApi, count = 2): Promise<string> {
  return attachTo(api, listOf((await hostsOf({ count })).addresses));
}
const huge = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`V${index}`, 'x'.repeat(90_000)]));
const idsOf = async ({ send }: TestApi): Promise<string[]> =>
  (await send('GET', '/proc-meshes')).body.items.map(({ id }: { id: string }) => id);

describe('a request to spawn', () => {
  test('is refused with the field that is wrong, and leaves nothing behind', async () => {
    const api = await startTestApi();
    const meshId = await meshOf(api);
    for (const [body, field] of [
      [{ command: { program: '' } }, 'command.program'],
      [{ perHost: { hosts: 2 } }, 'perHost.hosts'],
      [{ perHost: { gpus: 2 }, procBind: [{ cpus: '0' }] }, 'procBind'],
      [{ perHost: { gpus: 0 } }, 'perHost'],
      [{ perRank: { 2: { args: [] } } }, 'perRank.2'],
      [{ timeout: 'soon' }, 'timeout'],
      [{ colour: 'red' }, 'colour'],
      [{ name: 'a\0b' }, 'name'],
      [{ command: { program: 'true', env: { TOKEN: 'secret\0' } } }, 'command.env.TOKEN'],
      [{ command: { program: 'true', env: huge } }, 'command'],
      [{ readiness: { kind: 'http', port: 80, path: '/a b' } }, 'readiness.path'],
      [{ readiness: { kind: 'magic' } }, 'readiness.kind'],
    ] as const) {
      const refused = await spawnOn(api, meshId, body);
      expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ field }] } });
      expect(refused.body.errors[0].message).not.toBe('');
      expect(refused.text).not.toContain('secret');
    }
    const long = { command: { program: 'sim', args: ['x'.repeat(50_000)] } };
    expect(await spawnOn(api, meshId, { ...long, perRank: { 9: {} } })).toMatchObject({
      body: { errors: [{ field: 'perRank.9' }] },
    });
    expect((await spawnOn(api, 'none')).status).toBe(404);
    expect(await idsOf(api)).toEqual([]);
  });

  test('that is repeated with its key is answered with the first one’s proc mesh; with another body it is a conflict', async () => {
    const api = await startTestApi();
    const meshId = await meshOf(api);
    const key = { 'idempotency-key': 'k1' };
    const both = await Promise.all([
      spawnOn(api, meshId, sim('ready-after=200ms'), key),
      spawnOn(api, meshId, sim('ready-after=200ms'), key),
    ]);
    expect(both.map(({ status }) => status)).toEqual([201, 201]);
    expect(new Set(both.map(({ body }) => body.id)).size).toBe(1);
    const other = await spawnOn(api, meshId, sim('ready-after=300ms'), key);
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict', procMeshId: both[0].body.id },
    });
    await api.send('POST', `/meshes/${meshId}/stop`);
    const late = await spawnOn(api, meshId, sim('ready-after=200ms'), key);
    expect(late).toMatchObject({ status: 201, body: { id: both[0].body.id, state: 'stopped' } });
  });

  test('need not be waited for, and goes on when its client has gone', async () => {
    const api = await startTestApi();
    const meshId = await meshOf(api);
    const accepted = await spawnOn(api, meshId, sim('ready-after=300ms'), { prefer: 'respond-async' });
    const { id } = accepted.body;
    expect(accepted).toMatchObject({
      status: 202,
      headers: { location: `/api/v1/proc-meshes/${id}`, 'preference-applied': 'respond-async' },
      body: { state: 'spawning', counts: { total: 2 } },
    });
    const state = (of: string) => async () => (await api.send('GET', `/proc-meshes/${of}`)).body.state;
    await eventually(state(id)).toBe('running');

    const { port } = new URL(await api.api.app.listen({ port: 0 }));
    const sending = httpRequest({
      port,
      method: 'POST',
      path: `/api/v1/meshes/${meshId}/proc-meshes`,
      headers: { ...api.headers, 'content-type': 'application/json' },
    });
    sending.end(JSON.stringify({ name: 'alone', ...sim('ready-after=400ms') }));
    await eventually(async () => (await idsOf(api)).length).toBe(2);
    await new Promise((resolve) => {
      sending
        .on('error', () => undefined)
        .once('close', resolve)
        .destroy();
    });
    const [alone = ''] = await idsOf(api);
    await eventually(state(alone)).toBe('running');
  });

  test('whose deadline passes says of every rank how far it got, and takes everything back', async () => {
    const api = await startTestApi();
    const meshId = await meshOf(api, 3);
    const failed = await spawnOn(api, meshId, { ...slow, timeout: '500ms' });
    expect(failed).toMatchObject({ status: 424, body: { code: 'spawn_failed' } });
    expect(failed.body.procFailures.map(({ rank }: { rank: number }) => rank)).toEqual([0, 1, 2]);
    const { body } = await api.send('GET', `/proc-meshes/${failed.body.procMeshId}`);
    expect(body).toMatchObject({ state: 'spawn_failed', residue: 0, failures: [{}, {}, {}] });
    expect((await procsOf(api, body.id)).map(({ status }) => status)).toEqual(Array(3).fill('Stopped'));
  });

  test('that is under way when the API stops is taken back, and whoever waits is told', async () => {
    const api = await startTestApi();
    const meshId = await meshOf(api);
    const waiting = spawnOn(api, meshId, slow);
    await eventually(async () => (await idsOf(api)).length).toBe(1);
    await api.api.stop(0);
    expect(await waiting).toMatchObject({
      status: 503,
      body: { code: 'shutting_down', procMeshId: expect.any(String) },
    });
  });

  test('that has only just been written down when the API stops is taken back as well', async () => {
    const written = Promise.withResolvers<void>();
    const isStopping = Promise.withResolvers<void>();
    const wrap = (db: Database): Database => ({
      ...db,
      procMeshes: {
        ...db.procMeshes,
        create: async (...args) => {
          const created = await db.procMeshes.create(...args);
          written.resolve();
          await isStopping.promise;
          return created;
        },
      },
    });
    const api = await startTestApi({ wrap });
    const waiting = spawnOn(api, await meshOf(api), slow);
    await written.promise;
    const stopped = api.api.stop(0);
    isStopping.resolve();
    await stopped;
    expect(await waiting).toMatchObject({ status: 503, body: { code: 'shutting_down' } });
  });
});

describe('lists of procs', () => {
  test('are filtered by status, ranks, hosts, exit code and mesh', async () => {
    const api = await startTestApi();
    const meshId = await meshOf(api, 3);
    const { body } = await spawnOn(api, meshId, {
      perHost: { slots: 2 },
      ...sim(),
      perRank: { 1: { args: ['exit=3@1s'] }, 4: { args: ['signal=SIGSEGV@1s'] } },
    });
    const ranks = async (path: string) =>
      (await api.send('GET', path)).body.items.map(({ rank }: { rank: number }) => rank);
    const own = `/proc-meshes/${body.id}/procs`;
    await eventually(() => ranks(`${own}?status=Failed`)).toEqual([1, 4]);
    expect(await ranks(`${own}?ranks=0..2,5`)).toEqual([0, 1, 5]);
    expect(await ranks(`${own}?hosts=1..3`)).toEqual([2, 3, 4, 5]);
    expect(await ranks(`${own}?exitCode=3`)).toEqual([1]);
    expect(await ranks(`${own}?signal=SIGSEGV`)).toEqual([4]);
    expect(await ranks(`/procs?mesh=${meshId}&status=Running`)).toEqual([0, 2, 3, 5]);
    const far = await api.send('GET', `${own}?exitCode=3000000000`);
    expect(far).toMatchObject({ status: 400, body: { errors: [{ field: 'exitCode' }] } });
    const wrong = await api.send('GET', `${own}?ranks=x&hosts=y`);
    expect(wrong.body.errors.map(({ field }: { field: string }) => field)).toEqual(['ranks', 'hosts']);
    expect((await api.send('GET', '/proc-meshes?state=running')).body.items).toMatchObject([
      { id: body.id, summary: expect.stringMatching(/^4 of 6 procs run; /) },
    ]);
    expect((await api.send('GET', '/proc-meshes?mesh=none')).body.items).toEqual([]);
    for (const path of [
      '/proc-meshes/none',
      '/proc-meshes/none/procs',
      '/procs/none',
      '/procs/none/history',
    ]) {
      expect((await api.send('GET', path)).status).toBe(404);
    }
  });
});

test('what is heard while the database is away is recorded when it is back', async () => {
  /** From the moment at which there is an end to record. */
  let away = true;
  const wrap = (db: Database): Database => ({
    ...db,
    procs: {
      ...db.procs,
      record: (...args) =>
        away && args[2].some(({ status }) => status === 'Failed')
          ? Promise.reject(new Error('Connection terminated'))
          : db.procs.record(...args),
    },
  });
  const hosts = await hostsOf({ count: 1 });
  const api = await startTestApi({ wrap });
  const meshId = await attachTo(api, listOf(hosts.addresses));
  const { body } = await spawnOn(api, meshId, sim('exit=3@1s'));
  expect(body.state).toBe('running');
  await eventually(async () => (await api.send('GET', `/proc-meshes/${body.id}`)).body.counts.Failed).toBe(1);
  const [proc] = await procsOf(api, body.id);
  expect((await api.db.procs.get(proc?.id ?? ''))?.status).toBe('Running');
  away = false;
  await eventually(async () => (await api.db.procs.get(proc?.id ?? ''))?.status).toBe('Failed');
  await eventually(async () => (await api.send('GET', `/proc-meshes/${body.id}`)).body.state).toBe('failed');
});

test('the history of a proc has every change that its reader was told of before', async () => {
  let recording = Promise.resolve();
  const wrap = (db: Database): Database => ({
    ...db,
    procs: { ...db.procs, record: async (...args) => recording.then(() => db.procs.record(...args)) },
  });
  const hosts = await hostsOf({ count: 1 });
  const api = await startTestApi({ wrap });
  const meshId = await attachTo(api, listOf(hosts.addresses));
  const { body } = await spawnOn(api, meshId, {
    ...sim('exit=3@300ms'),
    readiness: { kind: 'alive', for: '10ms' },
  });
  const [proc] = await procsOf(api, body.id);
  const slow = Promise.withResolvers<void>();
  recording = slow.promise;
  await eventually(async () => (await procsOf(api, body.id))[0]?.status).toBe('Failed');
  const history = api.send('GET', `/procs/${proc?.id}/history`);
  setImmediate(slow.resolve);
  expect((await history).body.items[0]).toMatchObject({ status: 'Failed', exitCode: 3 });
});
