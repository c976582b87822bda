import { describe, expect, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi, type TestApi } from '../testing/test-api.ts';

const ranksOf = (rows: readonly { rank: number }[]) => rows.map(({ rank }) => rank);
const runningOf = async ({ send }: TestApi) =>
  (await send('GET', '/attach-attempts?state=running')).body.items;

describe('attempts', () => {
  test('with respond-async the answer comes at once, and a caller that goes away cancels nothing', async () => {
    const sim = await hostsOf({ count: 2, faults: { 1: { kind: 'answer_late', afterMs: 300 } } });
    const api = await startTestApi();
    const started = await api.send(
      'POST',
      '/attach-attempts',
      { mesh: 'train', hosts: listOf(sim.addresses) },
      { prefer: 'respond-async' },
    );
    expect(started.status).toBe(202);
    expect(started.headers).toMatchObject({
      'preference-applied': 'respond-async',
      location: `/api/v1/attach-attempts/${started.body.id}`,
    });
    expect(started.body).toMatchObject({ state: 'running', counts: { total: 2 } });
    await eventually(() => runningOf(api)).toEqual([]);
    expect((await api.send('GET', `/attach-attempts/${started.body.id}`)).body.state).toBe('attached');
  });

  test('a caller that breaks off while it waits cancels nothing', async () => {
    const sim = await hostsOf({ count: 1, faults: { 0: { kind: 'answer_late', afterMs: 300 } } });
    const api = await startTestApi();
    const url = `${await api.api.app.listen({ port: 0 })}/api/v1/attach-attempts`;
    const gone = new AbortController();
    const sent = fetch(url, {
      method: 'POST',
      headers: { ...api.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ mesh: 'train', hosts: listOf(sim.addresses) }),
      signal: gone.signal,
    });
    await eventually(() => runningOf(api)).toHaveLength(1);
    gone.abort();
    await expect(sent).rejects.toThrow();
    await eventually(() => runningOf(api)).toEqual([]);
    const { items } = (await api.send('GET', '/attach-attempts')).body;
    expect(items).toMatchObject([{ state: 'attached' }]);
  });

  test('an idempotency key gives the first answer again, also to requests that come at once', async () => {
    const sim = await hostsOf({ count: 1, faults: { 0: { kind: 'answer_late', afterMs: 200 } } });
    const { send } = await startTestApi();
    const body = { mesh: 'train', hosts: listOf(sim.addresses) };
    const key = { 'idempotency-key': 'once' };
    const together = await Promise.all([1, 2, 3].map(() => send('POST', '/attach-attempts', body, key)));
    const later = await send('POST', '/attach-attempts', body, key);
    expect([...together, later].map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(new Set([...together, later].map((reply) => reply.body.id)).size).toBe(1);
    expect(sim.hosts[0]?.pushes).toBe(1);

    const other = await send('POST', '/attach-attempts', { ...body, mesh: 'other' }, key);
    expect(other).toMatchObject({
      status: 409,
      body: { code: 'idempotency_conflict', attemptId: later.body.id },
    });
    const bad = await send('POST', '/attach-attempts', body, { 'idempotency-key': 'a b' });
    expect(bad.body.errors).toMatchObject([{ field: 'Idempotency-Key' }]);
  });

  test('one attempt works on a mesh at a time; it can be cancelled, which leaves nothing behind', async () => {
    const sim = await hostsOf({ count: 3, faults: { 2: { kind: 'hang_after_accept' } } });
    const api = await startTestApi();
    const body = { mesh: 'train', hosts: listOf(sim.addresses) };
    const waiting = api.send('POST', '/attach-attempts', body);
    await eventually(() => sim.hosts.filter((host) => host.installedDigest !== null).length).toBe(2);
    const [running] = await runningOf(api);
    expect(await api.send('POST', '/attach-attempts', body)).toMatchObject({
      status: 409,
      body: { code: 'mesh_busy', attemptId: running.id },
    });
    const retried = await api.send('POST', `/attach-attempts/${running.id}/retry`, { only: 'all' });
    expect(retried.body.code).toBe('attempt_running');

    const cancelled = await api.send('POST', `/attach-attempts/${running.id}/cancel`);
    expect(cancelled).toMatchObject({
      status: 200,
      body: { state: 'cancelled', counts: { installed: 2, failed: 1 } },
    });
    expect(await waiting).toMatchObject({
      status: 424,
      body: {
        code: 'config_push_failed',
        attemptId: running.id,
        failures: [{ rank: 2, failure: { kind: 'Cancelled' } }],
      },
    });
    expect(sim.hosts.map((host) => host.installedDigest)).toEqual([null, null, null]);
    const again = await api.send('POST', `/attach-attempts/${running.id}/cancel`);
    expect(again).toMatchObject({ status: 409, body: { code: 'attempt_not_running' } });
  });

  test('a verdict before it is known what is left on hosts says so; whoever waits is told when it is known', async () => {
    const refuse = { kind: 'refuse' } as const;
    const sim = await hostsOf({ count: 4, faults: { 1: refuse, 3: refuse } });
    const hosts = listOf(sim.addresses);
    const { send } = await startTestApi();
    // Time runs once no host is waited for any longer: when those that answer have installed it, and the others hang.
    const terms = { timeout: '500ms', waitForHosts: '60s' };
    const attach = (mesh: string, list: string[], headers?: object) =>
      send('POST', '/attach-attempts', { mesh, hosts: list, ...terms }, headers);
    const waiting = attach('train', hosts.slice(0, 2));
    const asking = attach('hasty', hosts.slice(2), { prefer: 'no-wait-cleanup' });
    const installs = (rank: number) => sim.hosts[rank]?.installedDigest ?? null;
    await eventually(() => [installs(0), installs(2)]).not.toContain(null);
    for (const rank of [1, 3]) await sim.setFault(rank, { kind: 'hang_after_hello' });
    const hasty = await asking;
    expect(hasty).toMatchObject({ status: 424, body: { counts: { failed: 1, restoring: 1, residue: 0 } } });
    expect(hasty.body.detail).toContain('1 host is still being asked to restore');
    const attempt = async (id: string) => (await send('GET', `/attach-attempts/${id}`)).body;
    expect(await attempt(hasty.body.attemptId)).toMatchObject({
      state: 'failed',
      decidedAt: expect.any(String),
      finishedAt: null,
      counts: { restoring: 1 },
    });

    const told = await waiting;
    expect(told).toMatchObject({ status: 424, body: { counts: { restoring: 0, restored: 1, residue: 1 } } });
    expect(told.body.detail).toContain('1 host may still hold it');
    await eventually(() => attempt(hasty.body.attemptId)).toMatchObject({
      finishedAt: expect.any(String),
      counts: { restoring: 0, residue: 1 },
    });
  });

  test('a retry of the failed hosts dials them first, and attaches the whole mesh once they are there', async () => {
    const sim = await hostsOf({ count: 4, faults: { 2: { kind: 'refuse' } } });
    const { send } = await startTestApi();
    const body = { mesh: 'train', hosts: listOf(sim.addresses), config: { PROC_STOP_MAX_IDLE: '7s' } };
    const { attemptId: parentId } = (await send('POST', '/attach-attempts', body)).body;
    const pushes = sim.hosts.map((host) => host.pushes);

    const early = await send('POST', `/attach-attempts/${parentId}/retry`, { only: 'failed' });
    expect(early.status).toBe(424);
    expect(ranksOf(early.body.failures)).toEqual([2]);
    expect(sim.hosts.map((host) => host.pushes)).toEqual(pushes);

    await sim.setFault(2, { kind: 'healthy' });
    const retried = await send('POST', `/attach-attempts/${parentId}/retry`, { only: 'failed' });
    expect(retried).toMatchObject({
      status: 201,
      body: { state: 'attached', parentId, counts: { installed: 4 } },
    });
    const parent = (await send('GET', `/attach-attempts/${parentId}`)).body;
    expect(parent.retryIds).toEqual([early.body.attemptId, retried.body.id]);
    expect(retried.body.configDigest).toBe(parent.configDigest);
    const settled = await send('POST', `/attach-attempts/${retried.body.id}/retry`, { only: 'failed' });
    expect(settled).toMatchObject({ status: 409, body: { code: 'nothing_to_retry' } });
  });

  test('host results are filtered, paged, and a file for spreadsheets', async () => {
    const sim = await hostsOf({
      count: 5,
      faults: { 1: { kind: 'refuse' }, 3: { kind: 'reject', code: '=1+1' } },
    });
    const { send } = await startTestApi();
    const { attemptId } = (
      await send('POST', '/attach-attempts', { mesh: 'train', hosts: listOf(sim.addresses) })
    ).body;
    const hosts = (query: string, headers = {}) =>
      send('GET', `/attach-attempts/${attemptId}/hosts?${query}`, undefined, headers);
    expect(ranksOf((await hosts('state=failed')).body.items)).toEqual([1, 3]);
    expect(ranksOf((await hosts('kind=SendFailed&code=ECONNREFUSED')).body.items)).toEqual([1]);
    expect(ranksOf((await hosts('restore=restored')).body.items)).toEqual([0, 2, 4]);
    const page = (await hosts('limit=2')).body;
    expect(page).toMatchObject({ items: [{ rank: 0 }, { rank: 1 }], total: 5 });
    expect(ranksOf((await hosts(`limit=3&cursor=${page.nextCursor}`)).body.items)).toEqual([2, 3, 4]);
    expect((await hosts('cursor=nonsense!')).body.errors).toMatchObject([{ field: 'cursor' }]);

    const file = await hosts('state=failed', { accept: 'text/csv' });
    expect(file.headers['content-type']).toContain('text/csv');
    const [heading, ...lines] = file.text.trimEnd().split('\r\n');
    expect(heading).toMatch(/^rank,address,hostId,state,failureKind,failureCode/);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`,Rejected,'=1+1,`);
  });
});
