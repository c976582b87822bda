import type { ApiEvent } from '@hostmesh/contract';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChangeFeed } from './change-feed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Rows told of, with when. */
function feed() {
  const told: { atMs: number; rows: readonly { rank: number }[] }[] = [];
  const startedAt = performance.now();
  const resync: ApiEvent = { type: 'resync' };
  const changes = new ChangeFeed<{ rank: number }>({
    publish: () => undefined,
    rowsChanged: (rows) => {
      told.push({ atMs: performance.now() - startedAt, rows });
      return resync;
    },
    wholeChanged: () => resync,
  });
  return { told, changes };
}

describe('ChangeFeed', () => {
  test('tells of a single change within 100 ms', () => {
    const { told, changes } = feed();
    vi.advanceTimersByTime(5000);
    changes.add([{ rank: 0 }]);
    vi.advanceTimersByTime(100);
    expect(told.map(({ rows }) => rows.length)).toEqual([1]);
  });

  test('tells at most four times a second, and each time the latest of each row', () => {
    const { told, changes } = feed();
    for (let ms = 0; ms < 3000; ms += 5) {
      changes.add([{ rank: ms % 100 }]);
      vi.advanceTimersByTime(5);
    }
    vi.advanceTimersByTime(1000);
    expect(told.length).toBeLessThanOrEqual(3 * 4 + 1);
    expect(told.every(({ rows }) => new Set(rows.map(({ rank }) => rank)).size === rows.length)).toBe(true);
    const gaps = told.slice(1).map(({ atMs }, index) => atMs - (told[index]?.atMs ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(250);
  });
});
