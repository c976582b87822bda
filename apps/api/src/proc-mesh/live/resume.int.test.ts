import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApiAgents } from '../../testing/api-agent.ts';
import { adminOf, startApiProcess, testDir } from '../../testing/api-process.ts';
import { eventually } from '../../testing/patience.ts';
import { perFile } from '../../testing/per-file.ts';
import { attachTo, procsOf, runs, shellCommand, spawnOn } from '../../testing/proc-requests.ts';
import { startTestApi, testDatabaseUrl, type TestReply } from '../../testing/test-api.ts';

const timing = { monitorMs: 200 };
const shared = perFile(() => startApiAgents(4));

/** Sends requests to an API that is a process, as `TestApi.send` does. */
function senderOf(url: string, dataDir: string) {
  return async (method: string, path: string, body?: object, headers: object = {}): Promise<TestReply> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(await adminOf(dataDir)),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = /json/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, headers: {}, text, body: isJson ? JSON.parse(text) : undefined };
  };
}

describe('an API that starts again', () => {
  test('goes on with its procs, without restarting or losing one, and hears what happened meanwhile', async () => {
    const agents = shared().slice(0, 2);
    const databaseUrl = await testDatabaseUrl();
    const former = await startTestApi({ databaseUrl, timing });
    const meshId = await attachTo(
      former,
      agents.map(({ address }) => address),
    );
    const { body } = await spawnOn(former, meshId, { perHost: { gpus: 2 } });
    const before = await procsOf(former, body.id);
    expect(before.map(({ status }) => status)).toEqual(Array(4).fill('Running'));
    await former.api.stop(0);
    process.kill(before[1]?.pid ?? 0, 'SIGKILL');

    const api = await startTestApi({ databaseUrl, timing });
    await eventually(async () => (await procsOf(api, body.id)).map(({ statusText }) => statusText)).toEqual([
      'running',
      'killed by SIGKILL',
      'running',
      'running',
    ]);
    const after = await procsOf(api, body.id);
    expect(after.map(({ pid }) => pid)).toEqual(before.map(({ pid }) => pid));
    process.kill(before[2]?.pid ?? 0, 'SIGKILL');
    await eventually(async () => (await api.send('GET', `/proc-meshes/${body.id}`)).body.summary).toBe(
      '2 of 4 procs run; 2 were killed by SIGKILL (rank 1 first).',
    );
    const stopped = await api.send('POST', `/proc-meshes/${body.id}/stop`);
    // A job that had failed before it was stopped has failed.
    expect(stopped).toMatchObject({
      status: 200,
      body: {
        procMesh: {
          state: 'failed',
          ends: { succeeded: 0, failed: 2, stopped: 2, lost: 0 },
          stop: { how: 'requested', by: 'tester' },
          needsAttention: true,
        },
      },
    });
    expect(stopped.body.outcomes.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'stopped',
      'already_ended',
      'already_ended',
      'stopped',
    ]);

    const urgent = async (attention: boolean) =>
      (await api.send('GET', `/proc-meshes?attention=${attention}`)).body.items.map(
        ({ id }: { id: string }) => id,
      );
    expect([await urgent(true), await urgent(false)]).toEqual([[body.id], []]);
    const seen = await api.send('POST', `/proc-meshes/${body.id}/seen`);
    expect(seen).toMatchObject({ status: 200, body: { needsAttention: false, seen: { by: 'tester' } } });
    expect([await urgent(true), await urgent(false)]).toEqual([[], [body.id]]);
  });

  test('records each change that happened while it was away, in order', async () => {
    const agents = shared().slice(0, 2);
    const databaseUrl = await testDatabaseUrl();
    const former = await startTestApi({ databaseUrl, timing });
    const meshId = await attachTo(
      former,
      agents.slice(0, 1).map(({ address }) => address),
    );
    const gate = join(await testDir(), 'gate');
    const { body } = await spawnOn(former, meshId, {
      command: shellCommand(
        `[ ! -e ${gate} ] || exit 3; while [ ! -e ${gate} ]; do sleep 0.02; done; exit 4`,
      ),
      readiness: { kind: 'alive', for: '100ms' },
      restart: { policy: 'on_failure', limit: 3, backoff: '10ms', maxBackoff: '10ms' },
    });
    expect(body.state).toBe('running');
    const [before] = await procsOf(former, body.id);
    await former.api.stop(0);
    await writeFile(gate, '');
    await expect.poll(() => runs(before?.pid ?? null)).toBe(false);

    const api = await startTestApi({ databaseUrl, timing });
    await eventually(async () => (await procsOf(api, body.id)).map(({ statusText }) => statusText)).toEqual([
      'exited with code 3',
    ]);
    const { items } = (await api.send('GET', `/procs/${before?.id}/history`)).body;
    const reported = items.filter(({ source }: { source: string }) => source === 'host').toReversed();
    const generations = reported.map(({ generation }: { generation: number }) => generation);
    expect(generations).toEqual(generations.map((_: number, index: number) => index + 1));
    const codes = reported.map(({ exitCode }: { exitCode: number | null }) => exitCode);
    expect(codes.filter((code: number | null) => code !== null)).toEqual([4, 3, 3, 3]);
  });

  test('after a kill -9 rolls back the spawns that were under way: what was started is stopped, or may still run is said', async () => {
    const [one, two, healthy, frozen] = shared();
    if (one === undefined || two === undefined || healthy === undefined || frozen === undefined) {
      throw new Error('four agents are shared');
    }
    const env = { HOSTMESH_DATA_DIR: await testDir(), DATABASE_URL: await testDatabaseUrl() };
    const first = startApiProcess(env);
    const send = senderOf(await first.url, env.HOSTMESH_DATA_DIR);
    /** Begins a spawn, and waits until its processes run and have these states. */
    const spawnUntil = async (meshId: string, body: object, states: readonly string[]) => {
      const accepted = await spawnOn({ send }, meshId, body, { prefer: 'respond-async' });
      expect(accepted).toMatchObject({ status: 202, body: { state: 'spawning' } });
      const { id } = accepted.body;
      const seen = async () =>
        (await procsOf({ send }, id)).map(({ status, pid }) => (runs(pid) ? status : null));
      await eventually(seen).toEqual(states);
      return { id: String(id), pids: (await procsOf({ send }, id)).map(({ pid }) => pid) };
    };
    // What is never ready keeps the spawns under way for certain.
    // Longer than an API takes to start again, however slow the machine: otherwise it fails by itself.
    const readiness = { kind: 'output', contains: 'never', timeout: '10m' };
    const reachable = await spawnUntil(
      await attachTo({ send }, [one.address, two.address]),
      { perHost: { gpus: 2 }, perRank: { 3: { ...shellCommand('exec sleep 61'), readiness } } },
      ['Running', 'Running', 'Running', 'Initializing'],
    );
    const hosts = [healthy.address, frozen.address];
    const silent = await spawnUntil(
      await attachTo({ send }, hosts, { PROCESS_EXIT_TIMEOUT: '500ms' }, 'silent'),
      { readiness },
      ['Initializing', 'Initializing'],
    );
    first.kill('SIGKILL');
    await first.ended;
    frozen.kill('SIGSTOP');

    const again = senderOf(await startApiProcess(env).url, env.HOSTMESH_DATA_DIR);
    const read = async ({ id }: { id: string }) => (await again('GET', `/proc-meshes/${id}`)).body;
    await eventually(() => read(reachable)).toMatchObject({
      state: 'spawn_failed',
      residue: 0,
      counts: { total: 4, Stopped: 4 },
      summary:
        '4 of 4 procs were interrupted: the API stopped while it was being spawned; everything that was started has been stopped.',
    });
    expect(reachable.pids.map(runs)).toEqual([false, false, false, false]);
    await eventually(() => read(silent)).toMatchObject({
      state: 'spawn_failed',
      residue: 1,
      summary: expect.stringContaining('1 proc may still run'),
    });
    expect((await again('GET', '/orphans')).body).toMatchObject({ items: [], unreachable: [{ rank: 1 }] });
  });
});
