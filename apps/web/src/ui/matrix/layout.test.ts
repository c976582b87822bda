import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellAt, layoutMatrix } from './layout.ts';

test('every host has a cell, and every cell of a host is found again', () => {
  const size = fc.record({
    count: fc.integer({ min: 1, max: 20_000 }),
    width: fc.integer({ min: 100, max: 2000 }),
  });
  fc.assert(
    fc.property(size, ({ count, width }) => {
      const layout = layoutMatrix(count, width, 264);
      expect(layout.columns * layout.rows).toBeGreaterThanOrEqual(count);
      expect(layout.width).toBeLessThanOrEqual(width);
      const last = count - 1;
      const x = ((last % layout.columns) + 0.5) * layout.cell;
      const y = (Math.floor(last / layout.columns) + 0.5) * layout.cell;
      expect(cellAt(layout, count, x, y)).toBe(last);
    }),
  );
});

test('ten thousand hosts fit above the table on a wide screen', () => {
  expect(layoutMatrix(10_000, 1192, 264).height).toBeLessThanOrEqual(264);
});

test('the procs of one host share a row where they fit', () => {
  expect(layoutMatrix(80_000, 1192, 264, 8).columns % 8).toBe(0);
  expect(layoutMatrix(24, 100, 264, 8)).toMatchObject({ columns: 4, rows: 6 });
});

test('a matrix that has not been measured yet takes no room, however many cells it has', () => {
  expect(layoutMatrix(80_000, 0, 264)).toMatchObject({ width: 0, height: 0 });
  expect(cellAt(layoutMatrix(80_000, 0, 264), 80_000, 0, 0)).toBeNull();
});

test('beside the cells there is no host', () => {
  const layout = layoutMatrix(5, 44, 264);
  expect(cellAt(layout, 5, layout.width + 1, 1)).toBeNull();
  expect(cellAt(layout, 5, layout.width - 1, layout.height - 1)).toBeNull();
});
