import { expect, test } from 'vitest';
import { anotherSnapshot } from '../testing/fixtures.ts';
import { meshOf, simWorld } from '../testing/sim-world.ts';
import { restoreConfig } from './restore-config.ts';

test('an attach that was interrupted can be undone by another process, and asking twice changes nothing', async () => {
  await using world = await simWorld({ count: 4 });
  const before = meshOf(await world.attach({ snapshot: anotherSnapshot }));
  before.close();
  const interrupted = world.options();
  const mesh = meshOf(await world.attach(interrupted));
  mesh.close();
  await world.sim.setFault(3, { kind: 'refuse' });

  const { transport } = world;
  const options = { transport, installed: new Set([0]), budgetMs: 500 };
  for (let time = 1; time <= 2; time += 1) {
    const restores = await restoreConfig(mesh.ref, interrupted.epoch, options);
    expect(restores.map(({ restore }) => restore)).toEqual([
      { kind: 'restored', lateInstall: false },
      { kind: 'restored', lateInstall: true },
      { kind: 'restored', lateInstall: true },
      { kind: 'residue', reason: 'connection refused (ECONNREFUSED)' },
    ]);
    for (const host of world.sim.hosts.slice(0, 3)) expect(host.installedDigest).toBe(anotherSnapshot.digest);
  }
});

test('only the ranks that are given are asked', async () => {
  await using world = await simWorld({ count: 3 });
  const options = world.options();
  const mesh = meshOf(await world.attach(options));
  mesh.close();
  const restores = await restoreConfig(mesh.ref, options.epoch, { transport: world.transport, ranks: [1] });
  expect(restores).toMatchObject([{ rank: 1, restore: { kind: 'restored' } }]);
  expect(world.sim.hosts.map(({ installedDigest }) => installedDigest === null)).toEqual([
    false,
    true,
    false,
  ]);
});
