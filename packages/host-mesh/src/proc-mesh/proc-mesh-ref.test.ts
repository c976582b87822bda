import { extentOf, instanceId, regionOfExtent } from '@hostmesh/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProcMeshRef } from './proc-mesh-ref.ts';

const id = instanceId('proc', 'workers', 0xd5d54d7201103869n);
const refOf = (hosts: number, gpus: number) =>
  new ProcMeshRef(id, regionOfExtent(extentOf({ hosts, gpus })), gpus);

describe('a proc mesh ref', () => {
  test('sliced to gpus 1..2 has ranks 1 and 3, on hosts 0 and 1 (reference 11)', () => {
    const slice = refOf(2, 2).range('gpus', 1, 2);
    expect(slice.ok && slice.value.ranks).toEqual([1, 3]);
    expect(slice.ok && slice.value.ranks.map((rank) => slice.value.hostRank(rank))).toEqual([0, 1]);
  });

  test('takes an index and a range, too', () => {
    const index = refOf(4, 2).range('hosts', 2);
    expect(index.ok && index.value.ranks).toEqual([4, 5]);
    const range = refOf(4, 2).range('hosts', { begin: 1, end: null, step: 1 });
    expect(range.ok && range.value.ranks).toEqual([2, 3, 4, 5, 6, 7]);
    expect(refOf(4, 2).range('racks', 1)).toMatchObject({ ok: false, fault: { code: 'no_such_dimension' } });
  });

  test('has a text form that reads back', () => {
    const slice = refOf(2, 2).range('gpus', 1);
    expect(String(slice.ok && slice.value)).toBe('workers-BLs6T7ZaDRB/2@1+hosts=2/2,gpus=1/1');
    const size = fc.integer({ min: 1, max: 9 });
    fc.assert(
      fc.property(size, size, fc.nat(8), (hosts, gpus, at) => {
        const ref = refOf(hosts, gpus).range('gpus', at % gpus);
        const read = ref.ok && ProcMeshRef.parse(ref.value.toString());
        expect(read).toEqual(ref);
      }),
    );
  });

  test.each(['', 'workers', 'workers@hosts=2/1', 'workers/0@hosts=2/1', 'W/1@hosts=2/1', 'workers/1@hosts'])(
    'is not read from "%s"',
    (text) => {
      expect(ProcMeshRef.parse(text)).toMatchObject({ ok: false, fault: { code: 'invalid_proc_mesh_ref' } });
    },
  );
});
