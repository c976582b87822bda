import { ok } from '@hostmesh/core';
import type { Connection, Transport } from '@hostmesh/protocol';
import { expect, test, vi } from 'vitest';
import { HostMesh } from '../mesh/host-mesh.ts';
import { anotherSnapshot, them } from '../testing/fixtures.ts';
import { meshOf, simWorld } from '../testing/sim-world.ts';
import { standStill } from '../testing/stand-still.ts';
import type { HostObservation } from './host-observation.ts';

const soon = { timeout: 30_000, interval: 5 };

test('a watched mesh uses the connections that its attach opened', async () => {
  await using world = await simWorld({ count: 5 });
  const mesh = meshOf(await world.attach());
  const monitor = mesh.watch();
  await vi.waitFor(
    () => expect(monitor.hosts().every(({ health }) => health === 'healthy')).toBe(true),
    soon,
  );
  expect(world.sim.hosts.map(({ dials }) => dials)).toEqual([1, 1, 1, 1, 1]);
  mesh.close();
});

test('hosts that die, come back and are taken over are told so, each with its reason', async () => {
  await using world = await simWorld({ count: 3 });
  const mesh = meshOf(await world.attach());
  const monitor = mesh.watch({ intervalMs: 200, timeoutMs: 200 });
  const reasons = () => monitor.hosts().map(({ health, reason }) => [health, reason]);
  await vi.waitFor(() => expect(reasons()).toEqual(Array(3).fill(['healthy', null])), soon);

  await world.sim.setFault(0, { kind: 'refuse' });
  await world.sim.restart(1, 'config');
  const other = mesh.ref.range('hosts', 2);
  if (!other.ok) throw new Error(other.fault.message);
  await HostMesh.attachRef(other.value, world.options({ owner: them, snapshot: anotherSnapshot }));
  await vi.waitFor(
    () =>
      expect(reasons()).toEqual([
        ['unreachable', 'connection refused (ECONNREFUSED)'],
        ['config_lost', 'its agent has restarted and holds no config'],
        ['config_lost', 'taken over by them'],
      ]),
    soon,
  );

  await world.sim.setFault(0, { kind: 'healthy' });
  await vi.waitFor(() => expect(monitor.hosts()[0]?.health).toBe('healthy'), soon);
  const again = await mesh.pushConfig(world.options());
  expect(again.ok).toBe(true);
  await vi.waitFor(
    () => expect(monitor.hosts().every(({ health }) => health === 'healthy')).toBe(true),
    soon,
  );
  mesh.close();
});

test('a host that keeps its connection and says nothing becomes unreachable', async () => {
  await using world = await simWorld({ count: 2 });
  const mesh = meshOf(await world.attach());
  const monitor = mesh.watch({ intervalMs: 100, timeoutMs: 100 });
  await world.sim.setFault(1, { kind: 'hang_after_hello' });
  await vi.waitFor(() => expect(monitor.hosts()[1]?.health).toBe('unreachable'), soon);
  expect(monitor.hosts()[0]?.health).toBe('healthy');
  mesh.close();
});

test('when this process stands still just after it has asked, no host that answers is silent by that', async () => {
  await using world = await simWorld({ count: 3 });
  let asked = 0;
  const stalling: Transport = {
    ...world.transport,
    async connect(address, options) {
      const dialled = await world.transport.connect(address, options);
      if (!dialled.ok) return dialled;
      const connection = dialled.value;
      const ask = connection.request.bind(connection);
      const request: Connection['request'] = (what, signal) => {
        const answer = ask(what, signal);
        if (isStalling && what.type === 'keepalive' && (asked += 1) === 1)
          queueMicrotask(() => standStill(1_100));
        return answer;
      };
      return ok(Object.assign(connection, { request }));
    },
  };
  let isStalling = false;
  const mesh = meshOf(await world.attach({ transport: stalling }));
  const told: HostObservation[] = [];
  const monitor = mesh.watch({ intervalMs: 100, timeoutMs: 400, onChange: (hosts) => told.push(...hosts) });
  const everyHealth = () => new Set(monitor.hosts().map(({ health }) => health));
  await vi.waitFor(() => expect(everyHealth()).toEqual(new Set(['healthy'])), soon);
  told.length = 0;
  isStalling = true;
  // Many rounds more: whatever would follow from the stall has.
  await vi.waitFor(() => expect(asked).toBeGreaterThan(12), soon);
  expect(told.filter(({ health }) => health !== 'healthy')).toEqual([]);
  expect(world.sim.hosts.map(({ dials }) => dials)).toEqual([1, 1, 1]);
  mesh.close();
});
