import { extentOf } from '@hostmesh/core';
import { expect, test, vi } from 'vitest';
import type { ProcChange } from '../proc/proc-observation.ts';
import type { SpawnTerms } from '../spawn/spawn-plan.ts';
import { aCommand, noRestart, planOf, procMeshOf, spawnFaultOf } from '../testing/proc-world.ts';
import { meshOf, simWorld } from '../testing/sim-world.ts';
import type { HostMesh } from './host-mesh.ts';

const soon = { timeout: 30_000, interval: 5 };
const sim = (...args: string[]) => ({ ...aCommand, program: 'sim', args });
const perHost = extentOf({ gpus: 4 });

/** Spawns on all hosts of a mesh, and keeps every transition. */
async function spawn(mesh: HostMesh, terms: Partial<SpawnTerms>) {
  const told: ProcChange[] = [];
  const plan = planOf(mesh, { perHost, readiness: { kind: 'alive', forMs: 10 }, ...terms });
  const onTransitions = (transitions: readonly ProcChange[]) => told.push(...transitions);
  return { told, result: await mesh.spawn(plan, { onTransitions }) };
}

test('procs on real connections are spawned, heard of when they crash, and stopped', async () => {
  await using world = await simWorld({ count: 3 });
  const mesh = meshOf(await world.attach());
  const { result, told } = await spawn(mesh, {
    perRankBootstrap: (_, rank) => sim(...(rank === 5 ? ['stderr=oh no'] : [])),
  });
  const procs = procMeshOf(result);
  world.sim.killProc(1, procs.proc(5).procId, 'SIGSEGV');
  await vi.waitFor(() => expect(procs.counts).toMatchObject({ Running: 11, Failed: 1 }), soon);
  expect(procs.proc(5)).toMatchObject({ text: 'killed by SIGSEGV', hostRank: 1 });
  expect(procs.proc(5).report?.stderrTail).toEqual(['oh no']);
  const outcomes = await procs.stop({ causeText: 'by the test', stepMs: 200 });
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(
    outcomes.map(({ rank }) => (rank === 5 ? 'already_ended' : 'stopped')),
  );
  for (const { rank } of outcomes) {
    const generations = told.filter((each) => each.rank === rank).map(({ generation }) => generation);
    expect(generations).toEqual(generations.map((_, index) => index + 1));
  }
  expect(procs.repairs).toBe(0);
  mesh.close();
});

test('a spawn of which one rank fails leaves nothing running', async () => {
  await using world = await simWorld({ count: 3 });
  const mesh = meshOf(await world.attach());
  const { result } = await spawn(mesh, {
    readiness: { kind: 'alive', forMs: 100 },
    perRankBootstrap: (_, rank) => sim(...(rank === 7 ? ['exit=3@20ms', 'stderr=no data'] : [])),
  });
  const fault = spawnFaultOf(result);
  expect(fault.failures).toMatchObject([{ rank: 7, message: 'exited with code 3' }]);
  expect(fault.message).toContain('no data');
  expect(fault.residue).toBe(0);
  const ends = world.sim.hosts.flatMap(({ procs }) => procs.map(({ status }) => status.kind));
  expect(ends.toSorted()).toEqual([...Array<string>(11).fill('Killed'), 'Stopped']);
  mesh.close();
});

test('procs of a host that dies are Unknown; when it is back they are what it says', async () => {
  await using world = await simWorld({ count: 2 });
  const mesh = meshOf(await world.attach());
  mesh.watch({ intervalMs: 200, timeoutMs: 200 });
  const { result } = await spawn(mesh, { command: sim(), restart: { ...noRestart, policy: 'never' } });
  const procs = procMeshOf(result);
  await world.sim.setFault(1, { kind: 'refuse' });
  await vi.waitFor(() => expect(procs.counts).toMatchObject({ Running: 4, Unknown: 4 }), soon);
  await world.sim.setFault(1, { kind: 'healthy' });
  await vi.waitFor(() => expect(procs.counts).toMatchObject({ Running: 8 }), soon);
  expect((await mesh.stop()).map(({ outcome }) => outcome)).toEqual(['done', 'done']);
});
