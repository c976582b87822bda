import { describe, expect, onTestFinished, test } from 'vitest';
import { startApiAgents } from '../../testing/api-agent.ts';
import { eventually } from '../../testing/patience.ts';
import { perFile } from '../../testing/per-file.ts';
import { borrowMesh, procsOf, runs, shellCommand, spawnOn } from '../../testing/proc-requests.ts';
import { startTestApi } from '../../testing/test-api.ts';

const config = { PROCESS_EXIT_TIMEOUT: '300ms' };
const shared = perFile(async () => {
  const [agents, api] = await Promise.all([startApiAgents(2), startTestApi({ timing: { monitorMs: 200 } })]);
  return { agents, api, hosts: agents.map(({ address }) => address) };
});

/** The second of the agents that are shared, which is woken up again if the test does not. */
function freezable() {
  const agent = shared().agents[1];
  if (agent === undefined) throw new Error('two agents are shared');
  onTestFinished(() => agent.kill('SIGCONT'));
  return agent;
}
const outcomesOf = (body: { outcomes: { rank: number; outcome: string; endedBy: string | null }[] }) =>
  body.outcomes.map(({ rank, outcome, endedBy }) => [rank, outcome, endedBy]);

describe('a stop', () => {
  test('of some ranks ends those alone; of the rest ends the proc mesh, and who asks twice joins', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts, config);
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
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body.summary).toBe(
      'All 6 procs were stopped by tester.',
    );
    expect((await api.send('POST', '/proc-meshes/none/stop')).status).toBe(404);
  });

  test('of a program that ignores SIGTERM and forks ends the whole group, and says SIGKILL', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts.slice(0, 1), config);
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
    const { api, hosts } = shared();
    const frozen = freezable();
    const meshId = await borrowMesh(api, hosts, config);
    const { body } = await spawnOn(api, meshId);
    frozen.kill('SIGSTOP');
    const path = `/proc-meshes/${body.id}/stop`;
    const incomplete = await api.send('POST', path, { timeout: '1s' });
    expect(incomplete).toMatchObject({
      status: 424,
      body: { code: 'stop_incomplete', procMeshId: body.id, procFailures: [{ rank: 1, hostRank: 1 }] },
    });
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body.state).toBe('running');
    frozen.kill('SIGCONT');
    // The host may carry out what it was asked before, so that there is nothing left to stop.
    await eventually(async () => (await api.send('POST', path, { timeout: '5s' })).status).toBeOneOf([
      200, 409,
    ]);
    await eventually(async () => (await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([
      false,
      false,
    ]);
    await eventually(async () => (await api.send('GET', `/proc-meshes/${body.id}`)).body.state).toBe(
      'stopped',
    );
  });

  test('of a spawn that is under way cancels it', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts.slice(0, 1), config);
    const never = { readiness: { kind: 'output', contains: 'never' } };
    const { body } = await spawnOn(api, meshId, never, { prefer: 'respond-async' });
    await eventually(async () => (await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([true]);
    const stopped = await api.send('POST', `/proc-meshes/${body.id}/stop`);
    expect(stopped).toMatchObject({ status: 200, body: { procMesh: { state: 'spawn_failed', residue: 0 } } });
    expect((await procsOf(api, body.id)).map(({ pid }) => runs(pid))).toEqual([false]);
    expect((await procsOf(api, body.id)).map(({ statusText }) => statusText)).toEqual(['stopped as asked']);
  });

  test('of a spawn that cannot reach a host names what may be left, until the host is back and it is gone', async () => {
    const { api, hosts } = shared();
    const frozen = freezable();
    const meshId = await borrowMesh(api, hosts, config);
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
  });

  test('that is given less time does not take back one that is under way', async () => {
    const { api, hosts } = shared();
    const meshId = await borrowMesh(api, hosts.slice(0, 1), config);
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
