import { useEffect, useState, type KeyboardEvent, type RefObject } from 'react';
import type { Selection } from './use-selection.ts';

/**
 * The row that the keyboard is at: j, k, arrows, Home and End move it, Enter opens it, Space selects it. The focus itself
 * stays on the grid, so scrolling cannot lose it.
 */
export function useActiveRow<Row>(options: {
  readonly grid: RefObject<HTMLElement | null>;
  readonly rows: readonly Row[];
  readonly rowHref: ((row: Row) => string) | undefined;
  readonly selection: Selection | undefined;
  /** How many rows a page key skips. */
  readonly pageRows: number;
  readonly scrollTo: (index: number) => void;
  readonly open: (href: string) => void;
}) {
  const { grid, rows, rowHref, selection } = options;
  const [active, setActive] = useState(-1);
  function moveTo(index: number) {
    setActive(index);
    options.scrollTo(index);
  }
  function onKey(event: KeyboardEvent) {
    if (event.target !== grid.current || event.metaKey || event.ctrlKey || event.altKey) return;
    const row = rows[active];
    const next = nextRow(event.key, active, rows.length, options.pageRows);
    if (next !== null) moveTo(next);
    else if (event.key === 'Enter' && row !== undefined && rowHref !== undefined) options.open(rowHref(row));
    else if (event.key === ' ' && selection !== undefined) selection.toggle(active, event.shiftKey);
    else return;
    event.preventDefault();
  }
  useFirstKey(grid, () => moveTo(Math.max(0, active)));
  return { active, setActive, onKey };
}

/** The row that a key moves to, or null when the key moves nothing. `page` is how many rows a page key skips. */
export function nextRow(key: string, active: number, count: number, page: number): number | null {
  if (count === 0) return null;
  const steps: Record<string, number> = {
    j: active + 1,
    ArrowDown: active + 1,
    k: active - 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: count - 1,
  };
  const next = steps[key];
  return next === undefined ? null : Math.min(Math.max(next, 0), count - 1);
}

/** The first `j` or `k` on a page, with the focus nowhere, goes to the table. */
function useFirstKey(grid: RefObject<HTMLElement | null>, onFirst: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isNowhere = document.activeElement === document.body || document.activeElement?.id === 'content';
      if (!isNowhere || !/^[jk]$/.test(event.key) || event.metaKey || event.ctrlKey) return;
      grid.current?.focus();
      onFirst();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}
