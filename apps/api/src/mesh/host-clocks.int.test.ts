import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAddress } from '@hostmesh/core';
import { snapshotOfAttrs } from '@hostmesh/core/snapshot';
import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { expect, test } from 'vitest';
import { startApiAgent } from '../testing/api-agent.ts';
import { testDir } from '../testing/api-process.ts';
import { eventually } from '../testing/patience.ts';
import { attachTo, procsOf, shellCommand, spawnOn } from '../testing/proc-requests.ts';
import { startTestApi } from '../testing/test-api.ts';

const HOUR_MS = 3_600_000;

/** An agent whose host's clock is wrong by what `set` says last. */
async function agentWithClock(offsetMs: number) {
  const dataDir = await testDir();
  const file = join(await testDir(), 'clock');
  const set = (ms: number) => writeFile(file, String(ms));
  await set(offsetMs);
  const start = (listen?: string) =>
    startApiAgent({ dataDir, env: { HOSTMESH_DEV_CLOCK: file }, ...(listen && { listen }) });
  const agent = await start();
  const again = async () => {
    agent.kill('SIGKILL');
    await agent.ended;
    await start(agent.address);
  };
  return { address: agent.address, set, again };
}

test('whatever clocks hosts have, ahead, behind or set while they run, all is told in the time of the console, in order, and clocks that are off are named', async () => {
  const startedAt = Date.now();
  const [api, ahead, behind, jumping] = await Promise.all([
    startTestApi({ timing: { monitorMs: 100 } }),
    agentWithClock(2 * HOUR_MS),
    agentWithClock(-2 * HOUR_MS),
    agentWithClock(0),
  ]);
  const hosts = [ahead, behind, jumping].map(({ address }) => address);
  const looked = await api.send('POST', '/preflight', { mesh: 'train', hosts });
  expect(looked.body.hosts.map(({ warnings }: { warnings: string[] }) => warnings)).toEqual([
    ["its clock is 2h ahead of the console's"],
    ["its clock is 2h behind the console's"],
    [],
  ]);
  const meshId = await attachTo(api, hosts);
  const offsets = async () =>
    (await api.send('GET', `/meshes/${meshId}/hosts`)).body.items.map(
      ({ clockOffsetMs }: { clockOffsetMs: number }) => Math.round(clockOffsetMs / HOUR_MS),
    );
  await eventually(offsets).toEqual([2, -2, 0]);

  const command = shellCommand('echo begun; sleep 600');
  const spawned = await spawnOn(api, meshId, { keep: true, command });
  expect(spawned.status).toBe(201);
  await jumping.set(3 * HOUR_MS);
  await eventually(offsets).toEqual([2, -2, 3]);
  // Its next agent begins with the new clock, and tells of what its former one has noted by the other.
  await jumping.again();
  await ahead.set(-2 * HOUR_MS);
  await ahead.again();
  await eventually(offsets).toEqual([-2, -2, 3]);
  await eventually(async () => (await procsOf(api, spawned.body.id)).map(({ status }) => status)).toEqual(
    Array.from({ length: 3 }, () => 'Running'),
  );
  await api.send('POST', `/proc-meshes/${spawned.body.id}/stop`);

  const told: { what: string; at: string }[] = [];
  for (const proc of await procsOf(api, spawned.body.id)) {
    const { body: history } = await api.send('GET', `/procs/${proc.id}/history`);
    const changes: string[] = history.items.map(({ at }: { at: string }) => at);
    told.push(...changes.map((at) => ({ what: `change of rank ${proc.rank}`, at })));
    expect(changes.length).toBeGreaterThan(2);
    expect(history.items[0]).toMatchObject({ status: proc.status });
    const { body: logs } = await api.send('GET', `/procs/${proc.id}/logs`);
    expect(logs.entries.map(({ text }: { text: string }) => text)).toEqual(['begun']);
    told.push(...logs.entries.map(({ at }: { at: string }) => ({ what: `output of rank ${proc.rank}`, at })));
    told.push({ what: `state of rank ${proc.rank}`, at: proc.since });
  }
  const now = Date.now();
  const off = told.filter(({ at }) => Date.parse(at) < startedAt - 1_000 || Date.parse(at) > now + 1_000);
  expect(off).toEqual([]);
});

test('a console attaches a host at the first try whose last client had a clock that is years ahead', async () => {
  const [api, address] = await Promise.all([startTestApi(), startApiAgent().then((agent) => agent.address)]);
  const transport = createTransport({ agentKey: testAgentKey });
  const parsed = parseAddress(address);
  if (!parsed.ok) throw new Error(parsed.fault.message);
  const connected = await transport.connect(parsed.value);
  if (!connected.ok) throw new Error(connected.fault.message);
  const { digest, attrs } = snapshotOfAttrs({ MAX_CAST_FANOUT: '4' });
  const epoch = Date.now() * 1000 + 3 * 365 * 24 * HOUR_MS * 1000;
  const owner = { clientId: 'other', label: 'other' };
  const request = { type: 'set_client_config', id: 'p', epoch, owner, digest, attrs: { ...attrs } } as const;
  expect(await connected.value.request(request)).toMatchObject({ ok: true });
  const body = { mesh: 'train', hosts: [address] };
  expect(await api.send('POST', '/attach-attempts', body)).toMatchObject({ status: 201 });
  // Over the connection that is open now, too.
  const later = { ...request, id: 'q', epoch: epoch * 2 };
  expect(await connected.value.request(later)).toMatchObject({ ok: true });
  await transport.close();
  const mesh = (await api.send('GET', '/meshes')).body.items[0];
  await eventually(async () => (await api.send('GET', `/meshes/${mesh.id}`)).body.hosts.configLost).toBe(1);
  expect(await api.send('POST', `/meshes/${mesh.id}/push-config`, {})).toMatchObject({ status: 201 });
});
