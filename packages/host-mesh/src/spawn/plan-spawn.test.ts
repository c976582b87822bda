import { extentOf, pointOfRank, type Extent } from '@hostmesh/core';
import { parseEntityAddress, parsePoint } from '@hostmesh/core/reference';
import type { ProcBind } from '@hostmesh/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HostMeshRef } from '../ref/host-mesh-ref.ts';
import { addressOf, meshId } from '../testing/fixtures.ts';
import { aCommand, someTerms } from '../testing/proc-world.ts';
import { planSpawn } from './plan-spawn.ts';
import type { SpawnPlan, SpawnTerms } from './spawn-plan.ts';

/** A ref of as many hosts as `extent` has ranks. */
function refOf(extent: Extent): HostMeshRef {
  const count = extent.sizes.reduce((product, size) => product * size, 1);
  const addresses = Array.from({ length: count }, (_, rank) => addressOf(`tcp:10.0.0.${rank + 1}:26600`));
  const ref = HostMeshRef.fromAddresses(meshId('train'), addresses, extent);
  if (!ref.ok) throw new Error(ref.fault.message);
  return ref.value;
}
const twoHosts = refOf(extentOf({ hosts: 2 }));

function planned(terms: Partial<SpawnTerms> = {}, ref = twoHosts): SpawnPlan {
  const plan = planSpawn(ref, someTerms(terms));
  if (!plan.ok) throw new Error(plan.fault.message);
  return plan.value;
}
const anyBind: ProcBind = { cpunodebind: null, membind: null, physcpubind: null, cpus: '0' };

describe('a plan', () => {
  test('lays procs over hosts and slots, row by row (reference 9.1, 9.2)', () => {
    const plan = planned({ perHost: extentOf({ gpus: 4 }) });
    expect(plan.extent).toEqual({ labels: ['hosts', 'gpus'], sizes: [2, 4] });
    expect(plan.controller).toMatch(/^proc_mesh_controller_workers-/);
    expect(plan.procs[5]).toMatchObject({ rank: 5, hostRank: 1, slot: 1, point: 'hosts=1/2,gpus=1/4' });
    expect(plan.procs[5]?.procId).toMatch(/^workers-5-/);
    expect(plan.procs[5]?.address).toMatch(/^workers-5<\w+>@workers-5<\w+>\.tcp:\/\/10\.0\.0\.2:26600$/);
  });

  test('without dimensions per host has one proc per host', () => {
    expect(planned({ perHost: extentOf({}) }).procs.map(({ point }) => point)).toEqual([
      'hosts=0/2',
      'hosts=1/2',
    ]);
  });

  test('of a sliced ref counts hosts anew', () => {
    const slice = refOf(extentOf({ racks: 2, hosts: 2 })).range('racks', 1);
    if (!slice.ok) throw new Error(slice.fault.message);
    const plan = planned({ perHost: extentOf({ gpus: 1 }) }, slice.value);
    expect(plan.procs.map(({ hostRank, point }) => [hostRank, point])).toEqual([
      [0, 'racks=0/1,hosts=0/2,gpus=0/1'],
      [1, 'racks=0/1,hosts=1/2,gpus=0/1'],
    ]);
  });

  test('asks the per-rank function once for each proc, in order, before the common command', () => {
    const asked: [string, number][] = [];
    const plan = planned({
      perRankBootstrap: ({ coords }, rank) => {
        asked.push([coords.join(), rank]);
        return { ...aCommand, args: [String(rank)], env: { A: 'b', HOSTMESH_RANK: 'mine' } };
      },
    });
    expect(asked).toEqual([
      ['0,0', 0],
      ['0,1', 1],
      ['1,0', 2],
      ['1,1', 3],
    ]);
    expect(plan.procs.map(({ spec }) => spec.command.args)).toEqual([['0'], ['1'], ['2'], ['3']]);
    expect(plan.procs[3]?.spec.command.env).toMatchObject({ A: 'b', HOSTMESH_RANK: '3' });
  });

  test('gives each rank the time that it has for becoming ready', () => {
    const plan = planned({ readyTimeoutMs: (rank) => 1_000 * rank });
    expect(plan.procs.map(({ spec }) => spec.readyTimeoutMs)).toEqual([0, 1_000, 2_000, 3_000]);
  });

  test('gives each slot its binding and its readiness', () => {
    const plan = planned({
      procBind: [anyBind, { ...anyBind, cpus: '1' }],
      readiness: (_, slot) => ({ kind: 'tcp', port: 9_000 + slot }),
    });
    expect(plan.procs.map(({ spec }) => [spec.bind?.cpus, spec.readiness])).toEqual(
      ['0', '1', '0', '1'].map((cpus) => [cpus, { kind: 'tcp', port: 9_000 + Number(cpus) }]),
    );
  });

  test('has a place of its own for every proc, whatever the shape', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2 });
    const shape = (label: string, of: readonly number[]): Extent => ({
      labels: of.map((_, index) => `${label}${index}`),
      sizes: of,
    });
    fc.assert(
      fc.property(sizes, sizes, (hosts, slots) => {
        const plan = planned({ perHost: shape('s', slots) }, refOf(shape('h', hosts)));
        const { procs, extent, slotsPerHost } = plan;
        for (const each of [procs.map(({ procId }) => procId), procs.map(({ point }) => point)])
          expect(new Set(each).size).toBe(procs.length);
        for (const [index, { rank, hostRank, slot, point, address, spec }] of procs.entries()) {
          expect(rank).toBe(index);
          expect(slotsPerHost * hostRank + slot).toBe(rank);
          expect(spec.rank).toBe(rank);
          const at = pointOfRank(extent, rank);
          expect(parsePoint(point)).toEqual(at);
          expect(parseEntityAddress(address).ok).toBe(true);
        }
      }),
    );
  });
});

describe('there is no plan', () => {
  test.each<[string, Partial<SpawnTerms>, object]>([
    [
      'when a dimension is taken',
      { perHost: extentOf({ gpus: 2, hosts: 2 }) },
      {
        code: 'overlapping_dimension',
        field: 'perHost.hosts',
        message:
          'error during mesh configuration: per_host dims overlap with existing dims when spawning proc mesh',
      },
    ],
    [
      'when bindings are not as many as slots',
      { procBind: [anyBind] },
      {
        code: 'proc_bind_length',
        field: 'procBind',
        message: 'error during mesh configuration: proc_bind length does not match per_host extent',
      },
    ],
    [
      'without procs',
      { perHost: extentOf({ gpus: 0 }) },
      { code: 'empty_proc_mesh', field: 'perHost', message: 'empty proc meshes are not supported' },
    ],
    ['with too many procs', { perHost: extentOf({ a: 100_000, b: 100_000 }) }, { code: 'too_many_procs' }],
    [
      'when the per-rank function fails',
      {
        perRankBootstrap: (_, rank) => {
          if (rank === 3) throw new Error('no data for rank 3');
          return aCommand;
        },
      },
      {
        code: 'per_rank_failed',
        field: 'perRank.3',
        message: 'error during mesh configuration: no data for rank 3',
      },
    ],
    [
      'when a command fits no frame',
      { command: { ...aCommand, args: Array<string>(10).fill('x'.repeat(100_000)) } },
      { code: 'command_too_large', field: 'command' },
    ],
  ])('%s', (_, terms, fault) => {
    expect(planSpawn(twoHosts, someTerms(terms))).toMatchObject({ ok: false, fault });
  });
});
