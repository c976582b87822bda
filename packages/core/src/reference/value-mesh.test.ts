import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extentOf } from '../geometry/extent.ts';
import { regionOfExtent } from '../geometry/region.ts';
import { overlayOfRank } from '../proc/status-overlay.ts';
import { applyOverlay, uniformValueMesh, valueMeshOf, valuesOf } from './value-mesh.ts';

const region = (hosts: number) => regionOfExtent(extentOf({ hosts }));

test('equal neighbours are one run', () => {
  expect(valueMeshOf(region(6), ['A', 'A', 'B', 'B', 'B', 'A'])).toMatchObject({
    value: {
      runs: [
        { start: 0, end: 2, value: 'A' },
        { start: 2, end: 5, value: 'B' },
        { start: 5, end: 6, value: 'A' },
      ],
    },
  });
});

test('there is one value for every rank, no more and no fewer', () => {
  expect(valueMeshOf(region(2), ['A'])).toMatchObject({
    fault: { message: 'expected 2 ranks, but contains 1 ranks' },
  });
  expect(valuesOf(uniformValueMesh(region(3), 'A'))).toEqual(['A', 'A', 'A']);
  expect(valuesOf(uniformValueMesh(region(0), 'A'))).toEqual([]);
});

test('an overlay replaces values within bounds only', () => {
  const mesh = uniformValueMesh(region(3), 'A');
  const applied = applyOverlay(mesh, overlayOfRank(2, 'B'));
  expect(applied.ok && valuesOf(applied.value)).toEqual(['A', 'A', 'B']);
  expect(applyOverlay(mesh, overlayOfRank(3, 'B'))).toMatchObject({ fault: { code: 'out_of_bounds' } });
  expect(applyOverlay(mesh, [])).toEqual({ ok: true, value: mesh });
});

test('compressing loses nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2)), (values) => {
      const mesh = valueMeshOf(region(values.length), values);
      expect(mesh.ok && valuesOf(mesh.value)).toEqual(values);
    }),
  );
});
