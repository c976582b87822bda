import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApiAgents } from '../../testing/api-agent.ts';
import { testDir } from '../../testing/api-process.ts';
import { eventually } from '../../testing/patience.ts';
import { perFile } from '../../testing/per-file.ts';
import { borrowMesh, procsOf, runs, shellCommand, spawnOn } from '../../testing/proc-requests.ts';
import { startTestApi } from '../../testing/test-api.ts';

const shared = perFile(async () => {
  const [agents, api] = await Promise.all([startApiAgents(2), startTestApi()]);
  return { api, hosts: agents.map(({ address }) => address) };
});

describe('a spawn on real agents', () => {
  test('starts every rank with its rank in its environment, and its secrets are shown to nobody', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts);
    const spawned = await spawnOn(api, meshId, {
      perHost: { gpus: 2 },
      command: {
        ...shellCommand('echo "$HOSTMESH_RANK of $HOSTMESH_NUM_RANKS at $HOSTMESH_POINT"; exec sleep 60'),
        env: { TOKEN: 'hush-hush' },
      },
      readiness: { kind: 'output', contains: 'at hosts=' },
    });
    expect(spawned).toMatchObject({
      status: 201,
      headers: { location: `/api/v1/proc-meshes/${spawned.body.id}` },
      body: {
        state: 'running',
        extent: { hosts: 2, gpus: 2 },
        counts: { total: 4, Running: 4 },
        summary: 'All 4 procs run.',
        command: { program: 'sh', envNames: ['TOKEN'] },
      },
    });
    const procs = await procsOf(api, spawned.body.id);
    expect(procs.map(({ rank, point, status }) => [rank, point, status])).toEqual([
      [0, 'hosts=0/2,gpus=0/2', 'Running'],
      [1, 'hosts=0/2,gpus=1/2', 'Running'],
      [2, 'hosts=1/2,gpus=0/2', 'Running'],
      [3, 'hosts=1/2,gpus=1/2', 'Running'],
    ]);
    const logs = await api.send('GET', `/procs/${procs[3]?.id}/logs`);
    expect(logs.body.entries).toMatchObject([{ seq: 1, text: '3 of 4 at hosts=1/2,gpus=1/2' }]);
    const detail = await api.send('GET', `/procs/${procs[3]?.id}`);
    expect(detail.body).toMatchObject({
      command: { envNames: ['TOKEN'] },
      usage: { processes: expect.any(Number), rssBytes: expect.any(Number) },
    });
    const told = [spawned, detail, await api.send('GET', '/proc-meshes'), await api.send('GET', '/audit')];
    expect(told.map(({ text }) => text).join()).not.toContain('hush-hush');
    expect((await api.send('POST', `/proc-meshes/${spawned.body.id}/stop`)).status).toBe(200);
    await eventually(() => procs.map(({ pid }) => runs(pid))).toEqual([false, false, false, false]);
  });

  test('crash, exit 0, exit 3, a signal from outside and a slow start are told apart', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts.slice(0, 1));
    // None of them ends before all were ready.
    const gate = join(await testDir(), 'gate');
    const open = `while [ ! -e ${gate} ]; do sleep 0.05; done`;
    const spawned = await spawnOn(api, meshId, {
      perHost: { slots: 5 },
      perRank: {
        0: shellCommand(`${open}; kill -SEGV $$`),
        1: shellCommand(`${open}; exit 0`),
        2: shellCommand(`${open}; echo "no such shard" >&2; exit 3`),
        4: {
          ...shellCommand('sleep 0.4; echo up; exec sleep 60'),
          readiness: { kind: 'output', contains: 'up', timeout: '20s' },
        },
      },
    });
    expect(spawned.status).toBe(201);
    await writeFile(gate, '');
    const id: string = spawned.body.id;
    const states = async () =>
      (await procsOf(api, id)).map(({ status, statusText }) => `${status}: ${statusText}`);
    await eventually(states).toEqual([
      expect.stringMatching(/^Failed: killed by SIGSEGV( \(core dumped\))?$/),
      'Stopped: exited with code 0',
      'Failed: exited with code 3',
      'Running: running',
      'Running: running',
    ]);
    const procs = await procsOf(api, id);
    expect(procs[2]).toMatchObject({ exitCode: 3, signal: null, stderrTail: ['no such shard'] });

    process.kill(procs[3]?.pid ?? 0, 'SIGKILL');
    await eventually(async () => (await procsOf(api, id))[3]).toMatchObject({
      status: 'Failed',
      statusText: 'killed by SIGKILL',
      signal: 'SIGKILL',
      exitCode: null,
    });
    expect((await procsOf(api, id))[4]).toMatchObject({ status: 'Running', pid: procs[4]?.pid });
    const { body } = await api.send('GET', `/proc-meshes/${id}`);
    expect(body).toMatchObject({ state: 'running', counts: { total: 5, Running: 1, Failed: 3, Stopped: 1 } });
    expect(body.summary).toContain('1 of 5 procs runs; ');
    expect(body.failureGroups).toHaveLength(3);
    // The list is read from the database, which follows within a quarter of a second.
    const csv = () =>
      api.send('GET', `/proc-meshes/${id}/procs?status=Failed`, undefined, { accept: 'text/csv' });
    await eventually(async () => (await csv()).text.split('\r\n')).toHaveLength(5);
    const history = await api.send('GET', `/procs/${procs[2]?.id}/history`);
    const told = history.body.items.map(({ status }: { status: string }) => status);
    expect(told[0]).toBe('Failed');
    expect(told.at(-1)).toBe('Initializing');
    const generations = history.body.items.map(({ generation }: { generation: number }) => generation);
    expect(generations).toEqual(generations.toSorted((a: number, b: number) => b - a));
  });

  test('that fails on a rank names it with exit code and stderr; everything else it started is gone, and the database shows both', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts);
    const failed = await spawnOn(api, meshId, {
      perHost: { gpus: 2 },
      perRank: { 2: shellCommand('echo "cannot open /dev/gpu2" >&2; exit 7') },
    });
    expect(failed).toMatchObject({
      status: 424,
      body: {
        code: 'spawn_failed',
        procMeshId: expect.any(String),
        detail: expect.stringMatching(/^Rank 2 exited with code 7/),
        procFailures: [{ rank: 2, hostRank: 1, exitCode: 7, stderrTail: ['cannot open /dev/gpu2'] }],
      },
    });
    const { body } = await api.send('GET', `/proc-meshes/${failed.body.procMeshId}`);
    expect(body).toMatchObject({
      state: 'spawn_failed',
      residue: 0,
      counts: { total: 4, Running: 0, Stopped: 3, Failed: 1 },
      failures: [{ rank: 2, exitCode: 7, stderrTail: ['cannot open /dev/gpu2'] }],
    });
    const procs = await procsOf(api, body.id);
    expect(procs.map(({ pid }) => runs(pid))).toEqual([false, false, false, false]);
    expect(procs[0]).toMatchObject({ status: 'Stopped', statusText: 'stopped because its spawn failed' });
    const late = await api.send('POST', `/proc-meshes/${body.id}/stop`);
    expect(late).toMatchObject({ status: 409, body: { code: 'proc_mesh_ended' } });
    // Its output outlives it.
    await eventually(async () => (await api.send('GET', `/procs/${procs[2]?.id}/logs`)).body).toMatchObject({
      entries: [{ stream: 'stderr', text: 'cannot open /dev/gpu2' }],
      ended: true,
    });
  });

  test('ranks that crash until the deadline tell how, with their last stderr, whatever they were just at', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts);
    const late = await spawnOn(api, meshId, {
      command: shellCommand('echo "CUDA oom" >&2; exit 1'),
      perHost: { gpus: 2 },
      readiness: { kind: 'output', contains: 'up' },
      restart: { policy: 'on_failure', limit: 1000, backoff: '200ms', maxBackoff: '200ms' },
      timeout: '3s',
    });
    const { body } = await api.send('GET', `/proc-meshes/${late.body.procMeshId}`);
    const told = { status: 'Timeout', exitCode: 1, stderrTail: ['CUDA oom'] };
    expect([late.status, late.body.procFailures]).toMatchObject([424, Array(4).fill(told)]);
    const why = 'not ready within 3s: its last run exited with code 1 before it was ready';
    expect(body.failureGroups).toMatchObject([{ statusText: why, count: 4, firstRank: 0, ...told }]);
    expect(body.failures[0].statusText).toMatch(/; restarted (once|\d+ times)$/);
    for (const proc of await procsOf(api, body.id))
      expect(proc.exitCode === 1 || proc.formerEnd?.exitCode === 1).toBe(true);
  });

  test.each([
    ['of the spawn', { timeout: '700ms' }],
    ['of its readiness', { readiness: { kind: 'output', contains: 'up', timeout: '700ms' } }],
  ])('one that hangs until the deadline %s tells its last stderr', async (_, deadline) => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts.slice(0, 1));
    const hung = await spawnOn(api, meshId, {
      command: shellCommand('echo "waits for rank 1" >&2; exec sleep 60'),
      readiness: { kind: 'output', contains: 'up' },
      ...deadline,
    });
    const told = { statusText: 'not ready within 700ms', stderrTail: ['waits for rank 1'] };
    expect([hung.status, hung.body.procFailures]).toMatchObject([424, [told]]);
  });

  test('one that never becomes ready says so; a program that no host has is a wrong field, and nothing is written', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts.slice(0, 1));
    const never = await spawnOn(api, meshId, {
      readiness: { kind: 'output', contains: 'up', timeout: '300ms' },
    });
    expect(never).toMatchObject({
      status: 424,
      body: { procFailures: [{ rank: 0, statusText: expect.stringContaining('not ready within 300ms') }] },
    });
    const unknown = await spawnOn(api, meshId, { command: { program: 'no-such-program' } });
    expect(unknown).toMatchObject({
      status: 400,
      body: {
        errors: [
          {
            field: 'command.program',
            message: expect.stringMatching(
              /^no program 'no-such-program' on this host in PATH=.* \(the agent's\) \(tcp:127/,
            ),
          },
        ],
      },
    });
    expect((await api.send('GET', `/proc-meshes?mesh=${meshId}`)).body.items).toHaveLength(1);
  });
});
