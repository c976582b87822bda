import { expect, test } from 'vitest';
import { aCommand, planOf, procWorld } from '../testing/proc-world.ts';

test('a check names the hosts that could not start their ranks, and starts nothing', async () => {
  const world = await procWorld(3);
  world.agent(1).procs.behaviour = { missing: ['sleep'] };
  world.agent(2).procs.behaviour = { missing: ['other'] };
  const plan = planOf(world.mesh, {
    perRankBootstrap: (_point, rank) =>
      rank === 0 || rank === 5 ? { ...aCommand, program: 'other' } : aCommand,
  });
  expect(await world.mesh.askWhetherSpawnable(plan)).toEqual([
    {
      hostRank: 1,
      address: 'local:2',
      ranks: [2, 3],
      code: 'not_found',
      message: "no program 'sleep' on this host",
    },
    {
      hostRank: 2,
      address: 'local:3',
      ranks: [5],
      code: 'not_found',
      message: "no program 'other' on this host",
    },
  ]);
  expect(world.agents.flatMap(({ procs }) => procs.all)).toEqual([]);
  world.mesh.close();
});

test('a host that does not answer says nothing against it', async () => {
  const world = await procWorld(2);
  world.agent(0).behaviour = { muteTo: 'check_spawn' };
  const checking = world.mesh.askWhetherSpawnable(planOf(world.mesh));
  await world.clock.advance(2_000);
  expect(await checking).toEqual([]);
  world.mesh.close();
});
