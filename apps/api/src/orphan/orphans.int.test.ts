import { expect, test } from 'vitest';
import { startApiAgent } from '../testing/api-agent.ts';
import { testDir } from '../testing/api-process.ts';
import { eventually } from '../testing/patience.ts';
import { attachTo, procsOf, runs, spawnOn } from '../testing/proc-requests.ts';
import { startTestApi } from '../testing/test-api.ts';

test('procs that no live proc mesh accounts for are found with who started them, and stopped; live ones are neither', async () => {
  const [shared, own] = await Promise.all([startApiAgent(), startApiAgent()]);
  const config = { PROCESS_EXIT_TIMEOUT: '300ms', MESH_ORPHAN_TIMEOUT: '1m' };
  const other = await startTestApi({ clientId: 'api_other', timing: { monitorMs: 200 } });
  const foreign = await spawnOn(other, await attachTo(other, [shared.address], config), { name: 'foreign' });
  expect(foreign.status).toBe(201);
  const [orphan] = await procsOf(other, foreign.body.id);

  const api = await startTestApi({ timing: { monitorMs: 200 } });
  const meshId = await attachTo(api, [own.address, shared.address], config);
  const { body } = await spawnOn(api, meshId);
  const live = await procsOf(api, body.id);
  const found = await api.send('GET', '/orphans');
  expect(found.body).toMatchObject({
    items: [
      {
        procId: orphan?.id,
        procMeshId: foreign.body.id,
        meshId,
        hostRank: 1,
        hostAddress: shared.address,
        owner: 'hostmesh@test',
        program: 'sleep',
        pid: orphan?.pid,
        statusText: 'running',
        reason: 'started by another client',
        reapedAt: expect.any(String),
      },
    ],
    unreachable: [],
  });

  const target = { meshId, hostRank: 1, procMeshId: foreign.body.id, procId: orphan?.id };
  const ours = { meshId, hostRank: 0, procMeshId: body.id, procId: live[0]?.id };
  const unknown = { ...target, procId: 'none' };
  const stopped = await api.send('POST', '/orphans/stop', { procs: [target, ours, unknown] });
  expect(stopped.body.outcomes).toMatchObject([
    { procId: orphan?.id, outcome: 'stopped' },
    { procId: live[0]?.id, outcome: 'refused' },
    { procId: 'none', outcome: 'not_known' },
  ]);
  expect(runs(orphan?.pid ?? null)).toBe(false);
  expect(live.map(({ pid }) => runs(pid))).toEqual([true, true]);
  expect((await api.send('GET', '/orphans')).body.items).toEqual([]);

  own.kill('SIGKILL');
  await own.ended;
  await eventually(async () => (await api.send('GET', '/orphans')).body.unreachable).toMatchObject([
    { meshId, rank: 0, address: own.address },
  ]);
});

test('procs of a host that was away when its mesh was stopped are found and stopped once it is back', async () => {
  const dataDir = await testDir();
  const agent = await startApiAgent({ dataDir });
  const api = await startTestApi({ timing: { monitorMs: 200 } });
  const meshId = await attachTo(api, [agent.address], { PROCESS_EXIT_TIMEOUT: '300ms' });
  const { body } = await spawnOn(api, meshId, { keep: true });
  const [proc] = await procsOf(api, body.id);
  agent.kill('SIGKILL');
  await agent.ended;
  expect((await api.send('POST', `/meshes/${meshId}/stop`, {})).status).toBe(200);
  expect((await api.send('GET', '/orphans')).body).toMatchObject({
    items: [],
    unreachable: [{ meshId, rank: 0, address: agent.address }],
  });

  const other = await startApiAgent({ listen: agent.address });
  const [unreachable] = (await api.send('GET', '/orphans')).body.unreachable;
  expect(unreachable.message).toContain('answers in place of');
  other.kill('SIGKILL');
  await other.ended;

  await startApiAgent({ dataDir, listen: agent.address });
  const { items } = (await api.send('GET', '/orphans')).body;
  expect(items).toMatchObject([
    { procId: proc?.id, meshId, hostRank: 0, reason: expect.stringContaining('has ended') },
  ]);
  const target = { meshId, hostRank: 0, procMeshId: body.id, procId: proc?.id };
  const stopped = await api.send('POST', '/orphans/stop', { procs: [target] });
  expect(stopped.body.outcomes).toMatchObject([{ procId: proc?.id, outcome: 'stopped' }]);
  expect(runs(proc?.pid ?? null)).toBe(false);
});
