import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instanceId, parseResourceId, printResourceId, type ProcMeshId } from '../id/resource-id.ts';
import { procIdOf } from './proc-id.ts';

const meshIds: fc.Arbitrary<ProcMeshId> = fc
  .tuple(fc.constantFrom('workers', 'a', 'x'.repeat(63), null), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))
  .map(([label, number]) => instanceId('proc', label, number));

describe('the id of a proc', () => {
  test('carries the label of its mesh and its rank (reference 9.2)', () => {
    expect(procIdOf(instanceId('proc', 'workers', 7n), 0).uid).toMatchObject({
      kind: 'instance',
      label: 'workers-0',
    });
    expect(procIdOf(instanceId('proc', null, 7n), 3).uid).toMatchObject({ label: 'unnamed-3' });
    expect(procIdOf({ kind: 'proc', uid: { kind: 'singleton', label: 'db' } }, 1).uid).toEqual({
      kind: 'singleton',
      label: 'db-1',
    });
  });

  test('keeps the rank of a proc whose mesh has the longest possible name', () => {
    const mesh: ProcMeshId = { kind: 'proc', uid: { kind: 'singleton', label: 'x'.repeat(63) } };
    const ids = Array.from({ length: 120 }, (_, rank) => printResourceId(procIdOf(mesh, rank)));
    expect(new Set(ids).size).toBe(120);
  });

  test('is the same for everybody, its own for each rank, and survives its text form', () => {
    fc.assert(
      fc.property(meshIds, fc.nat(100_000), fc.nat(100_000), (mesh, a, b) => {
        const text = printResourceId(procIdOf(mesh, a));
        expect(printResourceId(procIdOf(mesh, a))).toBe(text);
        expect(printResourceId(procIdOf(mesh, b)) === text).toBe(a === b);
        const read = parseResourceId('proc', text);
        expect(read.ok && printResourceId(read.value)).toBe(text);
        expect(text.length).toBeLessThanOrEqual(100);
      }),
    );
  });
});
