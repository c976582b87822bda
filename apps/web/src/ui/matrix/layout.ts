/** Where cells go: as large as fits, so that `count` cells need no more than `maxHeight`. Sizes in CSS pixels. */
export interface MatrixLayout {
  readonly columns: number;
  readonly rows: number;
  readonly cell: number;
  readonly width: number;
  readonly height: number;
}

const MIN_CELL = 4;
const MAX_CELL = 22;

/**
 * Lays `count` cells out in rank order, row by row; groups of neighbours stay in one row where they fit. Cells never
 * get smaller than their smallest, even if they then need more height.
 */
export function layoutMatrix(count: number, width: number, maxHeight: number, group = 1): MatrixLayout {
  // Not measured yet: one cell per row would make a canvas taller than any browser can draw.
  if (width <= 0) return { columns: 0, rows: 0, cell: MAX_CELL, width: 0, height: 0 };
  let cell = MAX_CELL;
  const perRow = () => columnsOf(width, cell, group);
  while (cell > MIN_CELL && Math.ceil(count / perRow()) * cell > maxHeight) cell -= 1;
  const columns = Math.min(perRow(), Math.max(1, count));
  const rows = Math.ceil(count / columns);
  return { columns, rows, cell, width: columns * cell, height: rows * cell };
}

function columnsOf(width: number, cell: number, group: number): number {
  const columns = Math.max(1, Math.floor(width / cell));
  return columns < group ? columns : columns - (columns % group);
}

/** The index of the cell at a point, or null beside the cells. */
export function cellAt(layout: MatrixLayout, count: number, x: number, y: number): number | null {
  if (x < 0 || y < 0 || x >= layout.width || y >= layout.height) return null;
  const index = Math.floor(y / layout.cell) * layout.columns + Math.floor(x / layout.cell);
  return index < count ? index : null;
}
