import { extentOf, printStatus } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import { procWorld, spawnFaultOf } from '../testing/proc-world.ts';

const statusesOf = (procs: readonly { status: Parameters<typeof printStatus>[0] }[]) =>
  procs.map(({ status }) => printStatus(status));
const killed = { kind: 'Killed', signal: 'SIGSEGV', coreDumped: true } as const;

describe('a spawn', () => {
  test('gives a proc mesh once every rank has been ready, each with its place', async () => {
    const world = await procWorld(2);
    const procs = await world.spawned();
    expect(procs.counts).toMatchObject({ total: 4, Running: 4 });
    expect(procs.procs().map(({ rank, hostRank }) => [rank, hostRank])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [3, 1],
    ]);
    expect(procs.ref.toString()).toMatch(/^workers-\w+\/2@hosts=2\/2,gpus=2\/1$/);
    world.mesh.close();
  });

  test('tells how each rank becomes ready, in order', async () => {
    const world = await procWorld(1);
    world.agent(0).procs.behaviour = { slowProcs: true };
    const spawning = world.spawn();
    await world.clock.advance(100);
    world.agent(0).procs.change(1, { status: { kind: 'Running', startedAtMs: 0 } });
    world.agent(0).procs.change(1, { status: { kind: 'Ready', startedAtMs: 0, address: null } });
    await world.clock.advance(100);
    expect(world.toldOf(1).map(({ generation, text }) => [generation, text])).toEqual([
      [1, 'starting'],
      [2, 'started, not ready yet'],
      [3, 'running'],
    ]);
    world.agent(0).procs.change(0, { status: { kind: 'Stopped', exitCode: 0 } });
    await world.clock.settle();
    expect((await spawning).ok).toBe(true);
    world.mesh.close();
  });

  test('asks each host once, with all of its slots and the environment of each', async () => {
    const world = await procWorld(2);
    await world.spawned();
    const spawns = world.agent(1).requests.filter((request) => request.type === 'spawn_procs');
    expect(spawns).toHaveLength(1);
    expect(spawns[0]).toMatchObject({ hostMeshId: 'train', ttlMs: 60_000, owner: { label: 'us' } });
    expect(spawns[0]?.procs.map(({ command }) => command.env)).toEqual([
      {
        HOSTMESH_RANK: '2',
        HOSTMESH_HOST_RANK: '1',
        HOSTMESH_NUM_RANKS: '4',
        HOSTMESH_POINT: 'hosts=1/2,gpus=0/2',
      },
      {
        HOSTMESH_RANK: '3',
        HOSTMESH_HOST_RANK: '1',
        HOSTMESH_NUM_RANKS: '4',
        HOSTMESH_POINT: 'hosts=1/2,gpus=1/2',
      },
    ]);
    world.mesh.close();
  });

  test('whose answer was lost is asked again, and nothing is started twice', async () => {
    const world = await procWorld(2);
    world.agent(1).procs.behaviour = { spawn: 'start_and_close' };
    const spawning = world.spawn();
    await world.clock.advance(2_000);
    expect((await spawning).ok).toBe(true);
    expect(world.agent(1).procs.all).toHaveLength(2);
    expect(world.agent(1).requests.filter(({ type }) => type === 'spawn_procs')).toHaveLength(2);
    world.mesh.close();
  });
});

describe('ProcCreationError', () => {
  test('names exactly the ranks that failed, with exit and output, and the rest is gone', async () => {
    const world = await procWorld(2);
    world.agent(1).procs.behaviour = { instead: { 3: killed } };
    const spawning = world.spawn();
    await world.clock.advance(1_000);
    const fault = spawnFaultOf(await spawning);
    expect(fault).toMatchObject({ code: 'proc_creation_failed', residue: 0, remains: null });
    expect(fault.failures).toMatchObject([
      { rank: 3, address: 'local:2', message: 'killed by SIGSEGV (core dumped)' },
    ]);
    expect(fault.message).toMatch(
      /^error creating proc \(host rank 1\) on host mesh agent local:2, state: \{"id":"workers-3-\w+","status":"Failed\(Killed\(sig=11, core\)\)"/,
    );
    expect(statusesOf(fault.statuses)).toEqual([
      'Running',
      'Running',
      'Running',
      'Failed(Killed(sig=11, core))',
    ]);
    expect(fault.rollback.map(({ outcome }) => outcome)).toEqual([
      'stopped',
      'stopped',
      'stopped',
      'already_ended',
    ]);
    expect(world.agent(0).procs.all.map(({ cause }) => cause)).toEqual(['rolled_back', 'rolled_back']);
    expect(world.toldOf(0).at(-1)?.text).toBe('stopped because its spawn failed');
    expect(world.clock.pending).toBeLessThanOrEqual(1); // The monitor's, which is the mesh's.
    world.mesh.close();
  });

  test('comes soon after the first failure, with all that failed by then', async () => {
    const world = await procWorld(2);
    for (const agent of world.agents) agent.procs.behaviour = { slowProcs: true };
    const spawning = world.spawn();
    await world.clock.advance(1_000);
    world.agent(0).procs.change(0, { status: { kind: 'Stopped', exitCode: 3 } });
    world.agent(1).procs.change(2, { status: { kind: 'Stopped', exitCode: 4 } });
    await world.clock.advance(1_000);
    const fault = spawnFaultOf(await spawning);
    expect(fault.failures.map(({ rank, message }) => [rank, message])).toEqual([
      [0, 'exited with code 3'],
      [2, 'exited with code 4'],
    ]);
    expect(statusesOf(fault.statuses)).toEqual([
      'Failed(Stopped(exit=3))',
      'Initializing',
      'Failed(Stopped(exit=4))',
      'Initializing',
    ]);
    world.mesh.close();
  });

  test.each([
    [{ code: 'wrong_lifecycle', message: 'the agent is draining' }],
    [{ code: 'program_refused', message: 'sleep is not on the allow-list' }],
  ])('says at once why a host refused: %o', async (refuse) => {
    const world = await procWorld(2);
    world.agent(0).procs.behaviour = { spawn: { refuse } };
    const spawning = world.spawn();
    await world.clock.advance(500);
    const fault = spawnFaultOf(await spawning);
    const message = `could not start: ${refuse.message} (${refuse.code})`;
    expect(fault.failures.map(({ rank, message: each }) => [rank, each])).toEqual([
      [0, message],
      [1, message],
    ]);
    expect(fault.rollback.map(({ outcome }) => outcome)).toEqual([
      'not_known',
      'not_known',
      'stopped',
      'stopped',
    ]);
    world.mesh.close();
  });

  test('names the ranks of a host that cannot be reached, and leaves no residue there', async () => {
    const world = await procWorld(2);
    world.agent(1).behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    world.connectionOf(1).end('ECONNRESET');
    await world.clock.settle();
    const spawning = world.spawn();
    await world.clock.advance(500);
    const fault = spawnFaultOf(await spawning);
    expect(fault.failures.map(({ rank }) => rank)).toEqual([2, 3]);
    expect(fault.failures[0]?.message).toContain('ECONNREFUSED');
    expect(fault.residue).toBe(0);
    world.mesh.close();
  });

  test('counts as residue what a host may have started before it was lost', async () => {
    const world = await procWorld(2);
    world.agent(1).procs.behaviour = { spawn: 'start_and_close' };
    const spawning = world.spawn();
    world.agent(1).behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    await world.clock.advance(8_000);
    const fault = spawnFaultOf(await spawning);
    expect(fault.code).toBe('proc_creation_failed');
    expect(fault.failures.map(({ rank }) => rank)).toEqual([2, 3]);
    expect(fault.residue).toBe(2);
    expect(statusesOf(fault.remains?.procs() ?? [])).toEqual(['Stopped', 'Stopped', 'Unknown', 'Unknown']);

    world.agent(1).behaviour = {};
    await world.clock.advance(20_000);
    expect(world.agent(1).procs.all.map(({ cause }) => cause)).toEqual(['rolled_back', 'rolled_back']);
    expect(fault.remains?.ended).toBe(true);
    world.mesh.close();
  });
});

describe('ProcSpawnError', () => {
  test('has the status of every rank when one is not ready by the deadline (reference 9.5)', async () => {
    const world = await procWorld(2);
    world.agent(0).procs.behaviour = { slowProcs: true };
    const spawning = world.spawn({ perHost: extentOf({}), timeoutMs: 1_000 });
    await world.clock.advance(1_000);
    const fault = spawnFaultOf(await spawning);
    expect(fault.message).toBe('error spawning proc mesh: statuses: Timeout(1s)=0..1;Running=1..2');
    expect(fault).toMatchObject({ code: 'proc_spawn_failed', residue: 0 });
    expect(fault.failures).toMatchObject([{ rank: 0, message: 'not ready within 1s' }]);
    world.mesh.close();
  });

  test('stops what a host has started that never answered', async () => {
    const world = await procWorld(2);
    world.agent(1).procs.behaviour = { spawn: 'start_and_hang', slowProcs: true };
    const spawning = world.spawn({ timeoutMs: 1_000 });
    await world.clock.advance(1_500);
    const fault = spawnFaultOf(await spawning);
    expect(fault.rollback.map(({ outcome }) => outcome)).toEqual(Array(4).fill('stopped'));
    expect(fault.residue).toBe(0);
    world.mesh.close();
  });
});

test('a host that was dialled until the deadline, and sent nothing, has no residue and is not asked to stop', async () => {
  const world = await procWorld(2);
  world.agent(1).behaviour = { dial: 'hang' };
  world.connectionOf(1).end('ECONNRESET');
  await world.clock.settle();
  const spawning = world.spawn({ timeoutMs: 1_000 });
  const done = spawning.then(() => world.clock.now());
  await world.clock.advance(10_000);
  const fault = spawnFaultOf(await spawning);
  expect(fault.message).toBe('error spawning proc mesh: statuses: Running=0..2;Timeout(1s)=2..4');
  expect(fault.rollback.map(({ outcome }) => outcome)).toEqual([
    'stopped',
    'stopped',
    'not_known',
    'not_known',
  ]);
  expect(fault.residue).toBe(0);
  expect(await done).toBe(1_000);
  world.mesh.close();
});

describe('a cancelled spawn', () => {
  test('stops what it had started', async () => {
    const world = await procWorld(2);
    world.agent(0).procs.behaviour = { slowProcs: true };
    const cancel = new AbortController();
    const spawning = world.spawn({}, { signal: cancel.signal });
    await world.clock.advance(100);
    cancel.abort();
    await world.clock.advance(100);
    expect(spawnFaultOf(await spawning)).toMatchObject({ code: 'cancelled', residue: 0, failures: [] });
    for (const agent of world.agents)
      expect(agent.procs.all.map(({ cause }) => cause)).toEqual(['requested', 'requested']);
    world.mesh.close();
  });

  test('sends nothing when it was cancelled before', async () => {
    const world = await procWorld(2);
    const spawning = world.spawn({}, { signal: AbortSignal.abort() });
    await world.clock.advance(100);
    const fault = spawnFaultOf(await spawning);
    expect(fault.rollback.map(({ outcome }) => outcome)).toEqual(Array(4).fill('not_known'));
    expect(world.agents.flatMap(({ requests }) => requests.map(({ type }) => type))).not.toContain(
      'spawn_procs',
    );
    world.mesh.close();
  });

  test('comes of ending the host mesh, which waits until all is stopped', async () => {
    const world = await procWorld(1);
    world.agent(0).procs.behaviour = { slowProcs: true };
    const spawning = world.spawn();
    await world.clock.advance(100);
    const stopping = world.mesh.stop();
    await world.clock.advance(100);
    expect(spawnFaultOf(await spawning).code).toBe('cancelled');
    expect(await stopping).toMatchObject([{ outcome: 'done' }]);
    expect(world.clock.pending).toBe(0);
  });
});
