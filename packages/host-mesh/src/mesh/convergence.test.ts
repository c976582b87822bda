import fc from 'fast-check';
import { expect, test } from 'vitest';
import { procWorld } from '../testing/proc-world.ts';

/** What may happen in a world of one host with four procs. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('change' as const), rank: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose' as const), rank: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('forget_events' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('freeze' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('thaw' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  },
);

test('whatever gets lost, repeated or cut off, the procs end up as their host has them, each report applied once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { maxLength: 25 }), async (happenings) => {
      const world = await procWorld(1);
      const agent = world.agent(0);
      const procs = await world.spawned({ perHost: { labels: ['gpus'], sizes: [4] }, ttlMs: null });
      let count = 0;
      const change = (rank: number, isTold: boolean) => {
        count += 1;
        agent.procs.change(rank, { status: { kind: 'Ready', startedAtMs: count, address: null } }, isTold);
      };
      for (const each of happenings) {
        switch (each.kind) {
          case 'change':
            change(each.rank, true);
            break;
          case 'lose':
            change(each.rank, false);
            break;
          case 'drop':
            world.connectionOf(0).end('ECONNRESET');
            break;
          case 'forget_events':
            agent.forgetEvents();
            break;
          case 'freeze':
            agent.behaviour = { frozen: true };
            break;
          case 'thaw':
            agent.behaviour = {};
            break;
          case 'restart':
            agent.restart();
            world.connectionOf(0).end('ECONNRESET');
            break;
          case 'pass':
            await world.clock.advance(each.ms);
            break;
        }
      }
      agent.behaviour = {};
      await world.clock.advance(40_000);
      expect(procs.procs().map(({ status, report }) => [status.kind, report])).toEqual(
        agent.procs.all.map((report) => ['Running', report]),
      );
      for (const rank of [0, 1, 2, 3]) {
        const generations = world.toldOf(rank).map(({ generation }) => generation);
        expect(generations).toEqual(generations.toSorted((a, b) => a - b));
        const reported = world.toldOf(rank).filter(({ source }) => source === 'host');
        expect(new Set(reported.map(({ generation }) => generation)).size).toBe(reported.length);
      }
      world.mesh.close();
      expect(world.clock.pending).toBe(0);
    }),
    { numRuns: 60 },
  );
}, 60_000);
