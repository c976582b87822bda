import { expect, onTestFinished, test } from 'vitest';
import { startApiAgent } from '../testing/api-agent.ts';
import { testDir } from '../testing/api-process.ts';
import { eventually } from '../testing/patience.ts';
import { attachTo, procsOf, runs, spawnOn } from '../testing/proc-requests.ts';
import { startTestApi } from '../testing/test-api.ts';

test('another agent at the address of a host is told of and asked for nothing, until the host is back or given up', async () => {
  const api = await startTestApi({ timing: { monitorMs: 100 } });
  const dataDir = await testDir();
  const first = await startApiAgent({ dataDir });
  const listen = first.address;
  const meshId = await attachTo(api, [listen]);
  const spawned = await spawnOn(api, meshId, { keep: true });
  const [{ pid, hostId } = { pid: 0, hostId: null }] = await procsOf(api, spawned.body.id);
  onTestFinished(() => void (runs(pid) && process.kill(pid ?? 0, 'SIGKILL')));
  const host = async () => (await api.send('GET', `/meshes/${meshId}/hosts`)).body.items[0];
  const statuses = async () =>
    (await procsOf(api, spawned.body.id)).map(({ status, statusText }) => [status, statusText]);
  const forget = (body: object) => api.send('POST', `/meshes/${meshId}/hosts/0/forget`, body);
  const change = async (agent: typeof first, next: Parameters<typeof startApiAgent>[0]) => {
    agent.kill('SIGKILL');
    await agent.ended;
    return startApiAgent({ listen, ...next });
  };

  expect(await forget({})).toMatchObject({ status: 409, body: { code: 'host_in_service' } });
  const other = await change(first, {});
  await eventually(async () => (await host()).health).toBe('replaced');
  const replaced = await host();
  expect(replaced).toMatchObject({ hostId, foundHostId: expect.stringMatching(/^host_/) });
  expect(replaced.reason).toBe(
    `another agent answers at this address: expected ${hostId}, found ${replaced.foundHostId}`,
  );
  await eventually(async () => (await api.send('GET', `/meshes/${meshId}`)).body.hosts.replaced).toBe(1);
  await eventually(statuses).toEqual([['Unknown', 'another agent answers at this address']]);
  expect((await spawnOn(api, meshId, { name: 'late' })).status).toBe(424);
  expect(await api.send('POST', `/meshes/${meshId}/push-config`, {})).toMatchObject({
    status: 424,
    body: { failures: [{ failure: { kind: 'SendFailed', code: 'HOST_REPLACED' } }] },
  });
  expect((await api.send('GET', `/hosts/${hostId}/config`)).status).toBe(502);
  expect(runs(pid)).toBe(true);

  const back = await change(other, { dataDir });
  await eventually(async () => (await host()).health).not.toBe('replaced');
  await eventually(async () => (await statuses())[0]?.[0]).toBe('Running');

  await change(back, {});
  await eventually(async () => (await host()).health).toBe('replaced');
  expect(await forget({ dryRun: true })).toMatchObject({
    status: 200,
    body: { formerHostId: hostId, procsTotal: 1, procs: [{ pid }], host: { health: 'replaced' } },
  });
  expect((await forget({})).body).toMatchObject({ procsTotal: 1, dryRun: false });
  await eventually(statuses).toEqual([
    [
      'Failed',
      expect.stringMatching(new RegExp(`^given up by .* with its host ${hostId}, where it may still run$`)),
    ],
  ]);
  await eventually(async () => (await host()).foundHostId).toBe(null);
  await eventually(async () => (await host()).hostId).toMatch(/^host_/);
  expect((await host()).hostId).not.toBe(hostId);
});
