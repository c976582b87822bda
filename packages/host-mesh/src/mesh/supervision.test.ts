import { printStatus } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import type { KnownProc } from '../proc/known-proc.ts';
import type { ProcObservation } from '../proc/proc-observation.ts';
import { planOf, procWorld, workersId } from '../testing/proc-world.ts';
import { HostMesh } from './host-mesh.ts';

const textOf = ({ status, text }: ProcObservation) => `${printStatus(status)}: ${text}`;
const killed = { kind: 'Killed', signal: 'SIGKILL', coreDumped: false } as const;

describe('a controller', () => {
  test('tells of a crash at once, of the right rank, and of no other', async () => {
    const world = await procWorld(3);
    const procs = await world.spawned();
    const before = world.told.length;
    world.agent(1).procs.change(3, { status: killed });
    await world.clock.settle();
    expect(world.told.slice(before)).toMatchObject([
      { rank: 3, hostRank: 1, text: 'killed by SIGKILL', source: 'host', generation: 3 },
    ]);
    expect(procs.counts).toMatchObject({ Running: 5, Failed: 1, total: 6 });
    expect(procs.failure).toBe(
      'failure on mesh "workers" at ranks [3] with event: the process failed: killed by SIGKILL',
    );
    world.mesh.close();
  });

  test('tells every change in order, and once per turn the latest of each proc', async () => {
    const world = await procWorld(1);
    const latest: (readonly number[])[] = [];
    const spawning = world.spawn(
      {},
      { onChange: (procs) => latest.push(procs.map(({ generation }) => generation)) },
    );
    await world.clock.settle();
    await spawning;
    latest.length = 0;
    for (let change = 0; change < 50; change += 1) {
      world.agent(0).procs.change(0, { status: { kind: 'Ready', startedAtMs: change, address: null } });
    }
    await world.clock.settle();
    expect(world.toldOf(0).map(({ generation }) => generation)).toEqual(
      Array.from({ length: 52 }, (_, index) => index + 1),
    );
    expect(latest).toEqual([[52]]);
    world.mesh.close();
  });

  test('does not believe a host that speaks of the procs of another host', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    const others = { ...world.agent(1).procs.ofRank(2), generation: 99, status: killed };
    world.agent(0).tell({ kind: 'proc_changed', proc: others });
    await world.clock.settle();
    expect(procs.counts.Running).toBe(4);
    world.mesh.close();
  });
});

describe('a host that cannot be heard', () => {
  test('makes its procs Unknown, with the time last heard, and they heal', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    await world.clock.advance(30_000);
    world.agent(1).behaviour = { frozen: true };
    await world.clock.advance(20_000);
    expect(procs.procs().map(textOf)).toEqual([
      'Running: running',
      'Running: running',
      'Unknown: not heard since its host fell silent',
      'Unknown: not heard since its host fell silent',
    ]);
    const { lastHeardAt, source } = procs.proc(2);
    expect(source).toBe('controller');
    const silentMs = world.clock.wallNow() - (lastHeardAt ?? 0);
    expect(silentMs).toBeGreaterThan(15_000);
    expect(silentMs).toBeLessThan(35_000);

    world.agent(1).procs.change(3, { status: killed });
    world.agent(1).behaviour = {};
    await world.clock.advance(20_000);
    expect(procs.procs().map(textOf).slice(2)).toEqual([
      'Running: running',
      'Failed(Killed(sig=9)): killed by SIGKILL',
    ]);
    expect(world.toldOf(3).map(({ generation }) => generation)).toEqual([1, 2, 2, 3]);
    expect(procs.repairs).toBe(0);
    world.mesh.close();
  });

  test('lets nobody else be reaped, however long it is silent (reference 12.5)', async () => {
    const ttlMs = 60_000;
    const world = await procWorld(3);
    const procs = await world.spawned({ ttlMs });
    world.agent(1).behaviour = { frozen: true };
    for (let passedMs = 0; passedMs < 3 * ttlMs; passedMs += 1_000) {
      await world.clock.advance(1_000);
      for (const rank of [0, 2]) expect(world.agent(rank).procs.checkLeases()).toEqual([]);
    }
    expect(world.agent(1).procs.checkLeases()).not.toEqual([]);
    expect(procs.counts).toMatchObject({ Running: 4, Unknown: 2 });

    world.agent(1).behaviour = {};
    await world.clock.advance(16_000);
    const { since = 0 } = world.agent(1).procs.leases.get(procs.id) ?? {};
    expect(world.clock.now() - since).toBeLessThanOrEqual(16_000);
    world.mesh.close();
  });

  test('is unreachable after GET_PROC_STATE_MAX_IDLE without a word, at the latest', async () => {
    const world = await procWorld(1, { GET_PROC_STATE_MAX_IDLE: '2s' });
    const procs = await world.spawned();
    await world.clock.advance(10_000);
    world.agent(0).behaviour = { frozen: true };
    await world.clock.advance(2_300);
    expect(procs.counts.Unknown).toBe(2);
    world.mesh.close();
  });

  test('that restarted tells what it knows; what it no longer knows is lost, and said to be', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    await world.clock.advance(2_000);
    const kept = world.agent(0).procs.change(0, { adopted: true }, false);
    world.agent(0).restart();
    world.agent(0).procs.forgetAll();
    world.agent(0).procs.restore(kept);
    world.connectionOf(0).end('ECONNRESET');
    await world.clock.advance(5_000);
    expect(procs.procs().map(textOf)).toEqual([
      'Running: running',
      'Failed(lost: its host agent no longer knows it): lost: its host agent no longer knows it',
    ]);
    expect(procs.proc(0).report?.adopted).toBe(true);
    expect(procs.proc(1).source).toBe('controller');
    world.mesh.close();
  });

  test('whose procs ended with its agent tells each change once, and none of them is well in between', async () => {
    const world = await procWorld(1);
    await world.spawned();
    await world.clock.advance(2_000);
    const before = world.toldOf(0).length;
    world.agent(0).restart();
    world.agent(0).procs.change(0, { status: { kind: 'Stopping', startedAtMs: 0 } }, false);
    world.agent(0).procs.change(0, { status: killed }, false);
    world.agent(0).behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    world.connectionOf(0).end('ECONNRESET');
    await world.clock.advance(60_000);
    world.agent(0).behaviour = {};
    await world.clock.advance(60_000);
    const told = world.toldOf(0).slice(before);
    expect(told.map(({ status, generation }) => [status.kind, generation])).toEqual([
      ['Unknown', 2],
      ['Stopping', 3],
      ['Failed', 4],
    ]);
    world.mesh.close();
  });
});

describe('events', () => {
  test('are resumed after a short interruption, and none is left out', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    await world.clock.advance(2_000);
    world.connectionOf(0).end('ECONNRESET');
    world.agent(0).procs.change(0, { status: { kind: 'Stopping', startedAtMs: 0 } });
    world.agent(0).procs.change(0, { status: killed });
    await world.clock.advance(1_000);
    expect(world.toldOf(0).map(({ generation }) => generation)).toEqual([1, 2, 3, 4]);
    const asks = world.agent(0).requests.filter((request) => request.type === 'stream_state');
    expect(asks.map(({ after }) => after?.seq)).toEqual([undefined, 4]);
    expect(procs.repairs).toBe(0);
    world.mesh.close();
  });

  test('that the host no longer has are made up for by a snapshot', async () => {
    const world = await procWorld(1);
    await world.spawned();
    await world.clock.advance(2_000);
    world.connectionOf(0).end('ECONNRESET');
    world.agent(0).procs.change(0, { status: { kind: 'Stopping', startedAtMs: 0 } });
    world.agent(0).procs.change(0, { status: killed });
    world.agent(0).forgetEvents();
    await world.clock.advance(1_000);
    expect(world.toldOf(0).at(-1)).toMatchObject({ generation: 4, text: 'killed by SIGKILL' });
    world.mesh.close();
  });

  test('that leave a number out make the host be asked for a snapshot', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    world.agent(0).procs.change(0, { status: { kind: 'Stopping', startedAtMs: 0 } }, false);
    world.agent(0).seq += 1;
    world.agent(0).procs.change(1, { status: killed });
    await world.clock.advance(0);
    expect(procs.procs().map(({ text }) => text)).toEqual(['stopping', 'killed by SIGKILL']);
    world.mesh.close();
  });

  test('that never come are repaired by a poll, and counted', async () => {
    const world = await procWorld(2, { SUPERVISION_POLL_FREQUENCY: '10s' });
    const procs = await world.spawned();
    await world.clock.advance(60_000);
    expect(procs.repairs).toBe(0);
    world.agent(1).procs.change(2, { status: killed }, false);
    await world.clock.advance(10_000);
    expect(procs.proc(2).text).toBe('killed by SIGKILL');
    expect(procs.repairs).toBe(1);
    world.mesh.close();
  });

  test('that are late are waited for by a poll that is ahead of them', async () => {
    const world = await procWorld(1);
    const procs = await world.spawned();
    await world.clock.advance(1_000);
    const { emit } = world.connectionOf(0);
    world.agent(0).streams.delete(emit);
    const { seq } = world.agent(0);
    world.agent(0).procs.change(0, { status: { kind: 'Stopping', startedAtMs: 0 } });
    world.agent(0).procs.change(0, { status: killed });
    const polls = () => world.agent(0).requests.filter(({ type }) => type === 'get_host_proc_states').length;
    const before = polls();
    while (polls() === before) await world.clock.advance(100);
    world.agent(0).eventsAfter(seq).forEach(emit);
    await world.clock.advance(2_000);
    expect(world.toldOf(0).map(({ generation }) => generation)).toEqual([1, 2, 3, 4]);
    expect(procs.repairs).toBe(0);
    world.mesh.close();
  });
});

describe('leases', () => {
  test('of several proc meshes go to a host together', async () => {
    const world = await procWorld(1);
    await world.spawned();
    const second = { ...workersId, uid: { kind: 'instance', number: 5n, label: 'more' } as const };
    await world.spawned({ id: second, ttlMs: 20_000 });
    await world.clock.advance(60_000);
    const keepalives = world
      .agent(0)
      .requests.filter((request) => request.type === 'keepalive' && request.procMeshes !== undefined);
    expect(keepalives.length).toBeGreaterThanOrEqual(11);
    expect(keepalives.at(-1)).toMatchObject({ procMeshes: [{ ttlMs: 60_000 }, { ttlMs: 20_000 }] });
    expect(world.agent(0).procs.checkLeases()).toEqual([]);
    world.mesh.close();
  });

  test('are not put off by proc meshes that are spawned one after the other', async () => {
    const world = await procWorld(1);
    for (let number = 0; number < 30; number += 1) {
      const uid = { kind: 'instance', number: BigInt(number), label: null } as const;
      await world.spawned({ id: { kind: 'proc', uid }, ttlMs: 20_000 });
      await world.clock.advance(2_000);
    }
    expect(world.agent(0).procs.checkLeases()).toEqual([]);
    world.mesh.close();
  });

  test('end with the last proc, and with the controller', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    for (const rank of [0, 1]) world.agent(0).procs.change(rank, { status: killed });
    await world.clock.advance(120_000);
    expect(world.agent(0).procs.checkLeases()).not.toEqual([]);
    expect(world.agent(1).procs.checkLeases()).toEqual([]);
    procs.close();
    await world.clock.advance(120_000);
    expect(world.agent(1).procs.checkLeases()).not.toEqual([]);
    world.mesh.close();
  });

  test('are not needed without an orphan timeout', async () => {
    const world = await procWorld(1);
    await world.spawned({ ttlMs: null });
    await world.clock.advance(120_000);
    const keepalives = world.agent(0).requests.filter((request) => request.type === 'keepalive');
    expect(keepalives.every(({ procMeshes }) => procMeshes === undefined)).toBe(true);
    world.mesh.close();
  });
});

describe('the monitor', () => {
  test('is one for all proc meshes and for whoever watches the hosts', async () => {
    const world = await procWorld(2);
    world.mesh.watch();
    await world.clock.settle();
    const procs = await world.spawned();
    const streams = world.agent(0).requests.filter(({ type }) => type === 'stream_state');
    expect(streams).toHaveLength(1);
    world.mesh.watch().close();
    await world.clock.settle();
    world.agent(1).procs.change(2, { status: killed });
    await world.clock.settle();
    expect(procs.proc(2).text).toBe('killed by SIGKILL');
    world.mesh.close();
    expect(world.clock.pending).toBe(0);
  });
});

describe('procs that are resumed', () => {
  /** Spawns, ends the mesh that did, and gives what was recorded of its procs by then. */
  async function abandoned() {
    const world = await procWorld(2);
    const procs = await world.spawned();
    const plan = planOf(world.mesh);
    const recorded = procs.procs().map((proc): KnownProc => ({ ...proc }));
    world.mesh.close();
    await world.clock.settle();
    world.told.length = 0;
    const { ref } = world.mesh;
    const mesh = HostMesh.take(ref, { ...world.options(), digest: null });
    const resume = (known: readonly KnownProc[] = recorded) =>
      mesh.resumeProcs(
        { ...plan, restartLimit: plan.restart.limit, repairs: 3, procs: known },
        { onTransitions: (transitions) => world.told.push(...transitions) },
      );
    return { ...world, mesh, recorded, resume };
  }

  test('tell nothing when nothing has changed, and are vouched for at once', async () => {
    const world = await abandoned();
    await world.clock.advance(10_000);
    const procs = world.resume();
    expect(procs.counts.Running).toBe(4);
    await world.clock.advance(100);
    expect(world.told).toEqual([]);
    expect(procs.procs().every(({ report }) => report !== null)).toBe(true);
    expect(procs.repairs).toBe(3);
    expect(world.agent(0).procs.leases.get(procs.id)?.since).toBeGreaterThanOrEqual(10_000);
    expect(
      world.agents.flatMap(({ requests }) => requests).filter(({ type }) => type === 'spawn_procs'),
    ).toHaveLength(2);
    world.mesh.close();
  });

  test('tell what happened while nobody watched', async () => {
    const world = await abandoned();
    world.agent(1).procs.change(3, { status: killed });
    const procs = world.resume();
    await world.clock.advance(100);
    expect(world.told).toMatchObject([{ rank: 3, generation: 3, text: 'killed by SIGKILL' }]);
    expect(procs.repairs).toBe(3);
    world.mesh.close();
  });

  test('are lost when their host no longer knows them', async () => {
    const world = await abandoned();
    world.agent(1).procs.forgetAll();
    const procs = world.resume();
    await world.clock.advance(5_000);
    expect(procs.counts).toMatchObject({ Running: 2, Failed: 2 });
    world.mesh.close();
  });

  test('are Unknown while their host cannot be reached', async () => {
    const world = await abandoned();
    world.agent(1).behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    const procs = world.resume();
    await world.clock.advance(100);
    expect(procs.counts).toMatchObject({ Running: 2, Unknown: 2 });
    expect(procs.proc(3).lastHeardAt).toBe(world.recorded[3]?.lastHeardAt);
    world.agent(1).behaviour = {};
    await world.clock.advance(2_000);
    expect(procs.counts).toMatchObject({ Running: 4 });
    world.mesh.close();
  });

  test('of a spawn that was cut off are either known or stopped', async () => {
    const world = await abandoned();
    world.agent(1).procs.forgetAll();
    const written = world.recorded.map((proc): KnownProc => ({
      ...proc,
      status: { kind: 'NotExist' },
      text: 'not heard of yet',
      generation: 0,
      lastHeardAt: null,
    }));
    const procs = world.resume(written);
    const stopping = procs.stop({ cause: 'rolled_back', causeText: 'interrupted' });
    await world.clock.advance(100);
    expect((await stopping).map(({ outcome }) => outcome)).toEqual([
      'stopped',
      'stopped',
      'not_known',
      'not_known',
    ]);
    expect(procs.ended).toBe(true);
    expect(procs.counts).toMatchObject({ Stopped: 2, NotExist: 2 });
    world.mesh.close();
  });
});
