import { extentOf } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import { procWorld } from '../testing/proc-world.ts';
import { stopBarrierMs } from './stop-procs.ts';

const outcomesOf = (outcomes: readonly { rank: number; outcome: string }[]) =>
  outcomes.map(({ rank, outcome }) => [rank, outcome]);
const asked = { causeText: 'by admin' };

describe('stopping procs', () => {
  test('ends all of them, and says after which step of the ladder', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    const stopping = procs.stop(asked);
    await world.clock.settle();
    const outcomes = await stopping;
    expect(outcomes).toMatchObject(
      [0, 1, 2, 3].map((rank) => ({
        rank,
        outcome: 'stopped',
        endedBy: 'asked',
        message: 'stopped as asked',
      })),
    );
    expect(procs.ended).toBe(true);
    expect(procs.failure).toBeNull();
    world.mesh.close();
  });

  test('comes after all that it brought about has been told', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    const told = procs.stop(asked).then(() => [0, 1].map((rank) => world.toldOf(rank).at(-1)?.status.kind));
    await world.clock.settle();
    expect(await told).toEqual(['Stopped', 'Stopped']);
    world.mesh.close();
  });

  test('of a slice asks the hosts of that slice for its procs alone (reference 11)', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    const slice = procs.ref.range('gpus', 1, 2);
    if (!slice.ok) throw new Error(slice.fault.message);
    expect(slice.value.ranks).toEqual([1, 3]);
    const stopping = procs.stop({ ...asked, ranks: slice.value.ranks });
    await world.clock.settle();
    expect(outcomesOf(await stopping)).toEqual([
      [1, 'stopped'],
      [3, 'stopped'],
    ]);
    for (const [host, rank] of [
      [0, 1],
      [1, 3],
    ] as const) {
      const request = world.agent(host).requests.find(({ type }) => type === 'stop_procs');
      expect(request).toMatchObject({ procIds: [procs.ref.procId(rank)], causeText: 'by admin' });
    }
    expect(procs.counts).toMatchObject({ Running: 2, Stopped: 2 });
    world.mesh.close();
  });

  test('tells ends that it did not bring about from those that it did', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    world.agent(0).procs.change(0, { status: { kind: 'Stopped', exitCode: 3 } });
    await world.clock.settle();
    const stopping = procs.stop(asked);
    await world.clock.settle();
    const outcomes = await stopping;
    expect(outcomesOf(outcomes)).toEqual([
      [0, 'already_ended'],
      [1, 'stopped'],
    ]);
    expect(outcomes[0]?.message).toBe('exited with code 3');
    world.mesh.close();
  });

  test('says of a proc that does not end that it still runs, once the ladder must be over', async () => {
    const world = await procWorld(1, { PROCESS_EXIT_TIMEOUT: '1s' });
    const procs = await world.spawned();
    world.agent(0).procs.behaviour = { stubborn: true };
    const startedAt = world.clock.now();
    const stopping = procs.stop(asked);
    const done = stopping.then(() => world.clock.now());
    await world.clock.advance(60_000);
    expect((await done) - startedAt).toBe(stopBarrierMs(2, 16, 1_000));
    expect(outcomesOf(await stopping)).toEqual([
      [0, 'still_running'],
      [1, 'still_running'],
    ]);
    world.mesh.close();
  });

  test('does not wait long for a host that does not answer, and asks it again when it is back', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    world.agent(1).behaviour = { frozen: true };
    const stopping = procs.stop(asked);
    await world.clock.advance(5_000);
    expect(outcomesOf(await stopping)).toEqual([
      [0, 'stopped'],
      [1, 'stopped'],
      [2, 'unreachable'],
      [3, 'unreachable'],
    ]);
    world.agent(1).behaviour = {};
    await world.clock.advance(30_000);
    expect(procs.ended).toBe(true);
    expect(world.agent(1).procs.all.map(({ causeText }) => causeText)).toEqual(['by admin', 'by admin']);
    world.mesh.close();
  });

  test('nobody vouches any more for procs that were to be stopped', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    world.agent(0).procs.behaviour = { stubborn: true };
    const stopping = procs.stop({ ...asked, timeoutMs: 1_000 });
    await world.clock.advance(1_000);
    await stopping;
    await world.clock.advance(60_000);
    expect(world.agent(0).procs.checkLeases()).not.toEqual([]);
    world.mesh.close();
  });

  test('says of procs that their host has forgotten that it does not know them', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    world.agent(0).procs.forgetAll();
    const stopping = procs.stop(asked);
    await world.clock.settle();
    expect(outcomesOf(await stopping)).toEqual([
      [0, 'not_known'],
      [1, 'not_known'],
    ]);
    world.mesh.close();
  });

  test('of nothing is over at once', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    expect(await procs.stop({ ...asked, ranks: [] })).toEqual([]);
    world.mesh.close();
  });
});

test.each([
  [4, 16, 10_000, 25_000],
  [64, 16, 10_000, 85_000],
  [0, 16, 10_000, 5_000],
])(
  'ending %i procs, %i at a time, takes no longer than the work does',
  (procs, concurrency, stepMs, expected) => {
    expect(stopBarrierMs(procs, concurrency, stepMs)).toBe(expected);
  },
);

describe('ending the host mesh', () => {
  test('stop drains the procs of this mesh, tells how each ended, and leaves the agents', async () => {
    const world = await procWorld(2);
    await world.spawned();
    expect(await world.mesh.stop()).toMatchObject([
      { outcome: 'done', message: 'given back, 2 procs ended; its agent runs on' },
      { outcome: 'done', message: 'given back, 2 procs ended; its agent runs on' },
    ]);
    expect(world.toldOf(3).map(({ text }) => text)).toEqual([
      'starting',
      'running',
      'stopping',
      'stopped when its host was drained',
    ]);
    expect(world.agents.map(({ lifecycle }) => lifecycle)).toEqual(['detached', 'detached']);
    expect(world.clock.pending).toBe(0);
  });

  test('shutdown says how many procs it ended', async () => {
    const world = await procWorld(1);
    await world.spawned();
    expect(await world.mesh.shutdown()).toMatchObject([
      { outcome: 'done', message: 'leaves service, drained, 2 procs ended' },
    ]);
  });

  test('waits as long as the work of the fullest host takes, when nothing else was said', async () => {
    const world = await procWorld(1);
    await world.spawned({ perHost: extentOf({ gpus: 64 }) });
    world.agent(0).behaviour = { muteTo: 'drain_host' };
    const stopping = world.mesh.stop();
    const done = stopping.then(() => world.clock.now());
    await world.clock.advance(200_000);
    expect(await done).toBe(85_000);
  });

  test('close tells the hosts nothing', async () => {
    const world = await procWorld(1);
    await world.spawned();
    world.mesh.close();
    await world.clock.advance(10_000);
    expect(world.agent(0).procs.all.map(({ status }) => status.kind)).toEqual(['Ready', 'Ready']);
    expect(world.clock.pending).toBe(0);
  });
});

describe('what is asked of procs', () => {
  test('is asked of the host that runs them', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    expect(await procs.readLogs(3, { after: 0 })).toMatchObject({
      ok: true,
      value: { entries: [{ text: `hello from ${procs.ref.procId(3)}` }] },
    });
    expect([...(await procs.usage()).keys()]).toEqual([0, 1, 2, 3]);
    expect([...(await procs.usage([2])).keys()]).toEqual([2]);
    const stopping = procs.stop({ ...asked, ranks: [1, 2] });
    await world.clock.settle();
    await stopping;
    expect(await procs.forget()).toBe(2);
    world.mesh.close();
  });

  test('is answered with the reason when it cannot be', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    world.agent(0).procs.forgetAll();
    expect(await procs.readLogs(0, { after: 0 })).toMatchObject({
      ok: false,
      fault: { kind: 'refused', code: 'unknown_proc' },
    });
    world.agent(0).behaviour = { frozen: true };
    const reading = procs.readLogs(0, { after: 0, waitMs: 1_000, timeoutMs: 1_000 });
    await world.clock.advance(2_000);
    expect(await reading).toMatchObject({ ok: false, fault: { code: 'timed_out' } });
    world.mesh.close();
  });
});
