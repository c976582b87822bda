import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient, followEvents } from '@hostmesh/client';
import type { ApiEvent } from '@hostmesh/contract';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startApiAgents } from '../../testing/api-agent.ts';
import { testDir } from '../../testing/api-process.ts';
import { eventually } from '../../testing/patience.ts';
import { perFile } from '../../testing/per-file.ts';
import {
  attachTo,
  borrowMesh,
  giveBack,
  procsOf,
  runs,
  shellCommand,
  spawnOn,
} from '../../testing/proc-requests.ts';
import { startTestApi } from '../../testing/test-api.ts';
import { TEST_TOKEN } from '../../testing/test-server.ts';

const config = { PROCESS_EXIT_TIMEOUT: '300ms' };
const shared = perFile(async () => {
  const [agents, api] = await Promise.all([startApiAgents(3), startTestApi({ timing: { monitorMs: 200 } })]);
  return { agents, api, hosts: agents.map(({ address }) => address) };
});

test('a proc that is killed is told of to a client within a second, and again when all have ended', async () => {
  const { api, hosts } = shared();
  const meshId = await borrowMesh(api, hosts.slice(0, 1), config);
  const gate = join(await testDir(), 'gate');
  const { body } = await spawnOn(api, meshId, {
    perHost: { gpus: 2 },
    perRank: { 1: shellCommand(`while [ ! -e ${gate} ]; do sleep 0.02; done; sleep 1`) },
  });
  const [first] = await procsOf(api, body.id);
  const events: ApiEvent[] = [];
  const live = Promise.withResolvers<void>();
  const ending = new AbortController();
  onTestFinished(() => ending.abort());
  void followEvents(createClient({ baseUrl: await api.api.app.listen({ port: 0 }), token: TEST_TOKEN }), {
    filter: { procMesh: body.id },
    signal: ending.signal,
    onEvent: (event) => events.push(event),
    onState: (state) => state.kind === 'live' && live.resolve(),
  });
  await live.promise;
  process.kill(first?.pid ?? 0, 'SIGKILL');
  // The other one ends a second after this, and then all have ended.
  await writeFile(gate, '');
  const endOf = (rank: number) =>
    events.findIndex(
      (event) =>
        event.type === 'proc_mesh.procs_changed' &&
        event.procs.some((proc) => proc.rank === rank && proc.status !== 'Running'),
    );
  const states = () =>
    events.flatMap((event) => (event.type === 'proc_mesh.changed' ? [event.procMesh.state] : []));
  await eventually(() => states().at(-1)).toBe('failed');
  expect(events[endOf(0)]).toMatchObject({ procs: [{ rank: 0, status: 'Failed', signal: 'SIGKILL' }] });
  expect(endOf(0)).toBeLessThan(endOf(1));
});

describe('a host whose agent is frozen', () => {
  test('has procs that are unknown since it was last heard, reaps nobody else, and heals', async () => {
    const { api, agents, hosts } = shared();
    const meshId = await borrowMesh(api, hosts, {
      MESH_ORPHAN_TIMEOUT: '2s',
      GET_PROC_STATE_MAX_IDLE: '1s',
      PROCESS_EXIT_TIMEOUT: '300ms',
    });
    const { body } = await spawnOn(api, meshId, {
      perHost: { gpus: 2 },
      // Its end says that three times the orphan timeout has passed.
      perRank: { 5: { args: ['6'] } },
    });
    agents[1]?.kill('SIGSTOP');
    onTestFinished(() => agents[1]?.kill('SIGCONT'));
    const procs = () => procsOf(api, body.id);
    const statuses = async () => (await procs()).map(({ status }) => status);
    await eventually(async () => (await statuses()).slice(2, 4)).toEqual(['Unknown', 'Unknown']);
    const lastHeardAt = (await procs())[2]?.lastHeardAt ?? '';
    await eventually(async () => (await statuses())[5]).toBe('Stopped');
    expect(await statuses()).toEqual(['Running', 'Running', 'Unknown', 'Unknown', 'Running', 'Stopped']);
    expect((await procs())[2]?.lastHeardAt).toBe(lastHeardAt);
    await eventually(async () => lastHeardAt < ((await procs())[4]?.lastHeardAt ?? '')).toBe(true);
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body.summary).toBe(
      '3 of 6 procs run; 1 ended, 2 are not heard of.',
    );
    agents[1]?.kill('SIGCONT');
    // Vouched for again in time, or reaped meanwhile and said to be: never unknown for good.
    await eventually(async () =>
      (await procs())
        .slice(2, 4)
        .every(({ status, statusText }) => status === 'Running' || /^stopped as orphan/.test(statusText)),
    ).toBe(true);
    expect((await statuses()).filter((_, rank) => rank !== 2 && rank !== 3)).toEqual([
      'Running',
      'Running',
      'Running',
      'Stopped',
    ]);
  });
});

describe('the end of a mesh', () => {
  test('by a later attach of its name ends its procs, and how they ended is known', async () => {
    const { api, hosts: all } = shared();
    const hosts = all.slice(0, 1);
    const meshId = await attachTo(api, hosts, config);
    const { body } = await spawnOn(api, meshId);
    const [proc] = await procsOf(api, body.id);
    const shape = { extent: { racks: 1, hosts: 1 }, replace: true };
    const next = (await api.send('POST', '/attach-attempts', { mesh: 'train', hosts, config, ...shape }))
      .body;
    giveBack(api, next.meshId);
    expect(next.ended).toMatchObject({ procs: 1 });
    expect(next.meshId).not.toBe(meshId);
    await eventually(async () => (await procsOf(api, body.id)).map(({ statusText }) => statusText)).toEqual([
      'stopped when its host was drained',
    ]);
    expect(runs(proc?.pid ?? null)).toBe(false);
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body).toMatchObject({
      state: 'stopped',
      counts: { total: 1, Stopped: 1 },
    });
  });

  test.each(['stop', 'shutdown'] as const)('by %s ends its procs, each with how it ended', async (how) => {
    const { api, hosts } = shared();
    // The shutdown comes last: hosts that have left service take nothing any more.
    const meshId = await attachTo(api, hosts.slice(1), config);
    const { body } = await spawnOn(api, meshId, { perHost: { gpus: 2 } });
    const pids = (await procsOf(api, body.id)).map(({ pid }) => pid);
    expect((await api.send('POST', `/meshes/${meshId}/${how}`)).status).toBe(200);
    expect(pids.map(runs)).toEqual([false, false, false, false]);
    expect((await api.send('GET', `/proc-meshes/${body.id}`)).body).toMatchObject({
      state: 'stopped',
      counts: { total: 4, Stopped: 4 },
    });
    const texts = (await procsOf(api, body.id)).map(({ statusText }) => statusText);
    expect(new Set(texts)).toEqual(new Set(['stopped when its host was drained']));
    const late = await spawnOn(api, meshId);
    expect(late).toMatchObject({ status: 409, body: { code: 'mesh_ended' } });
  });
});
