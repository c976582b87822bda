import { describe, expect, test } from 'vitest';
import { isSelected, parseRanks } from './rank-selection.ts';

describe('a selection of ranks', () => {
  test('has single ranks and ranges without their end', () => {
    const parsed = parseRanks('0..4, 7');
    const ranges = parsed.ok ? parsed.value : [];
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8].filter((rank) => isSelected(ranges, rank))).toEqual([0, 1, 2, 3, 7]);
  });

  test.each(['', 'a', '1..', '..3', '3..3', '4..2', '1,,2', '-1', '0..1..2', '12345678901'])(
    'is refused as %j',
    (text) => {
      expect(parseRanks(text)).toMatchObject({ ok: false, fault: { code: 'invalid_ranks' } });
    },
  );
});
