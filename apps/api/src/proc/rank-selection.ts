import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { RankRange } from '@hostmesh/db';
import type { FieldError } from '../problem/route-fault.ts';

/**
 * Reads ranks as people write them: `0..4,7` is 0, 1, 2, 3 and 7. As everywhere in the reference (sections 3 and
 * 10.4), a range does not include its end.
 */
export function parseRanks(text: string): Result<RankRange[], Fault<'invalid_ranks'>> {
  const ranges: RankRange[] = [];
  for (const part of text.split(',')) {
    const [, first, end] = /^\s*(\d{1,9})(?:\s*\.\.\s*(\d{1,9}))?\s*$/.exec(part) ?? [];
    if (first === undefined) {
      const message = `'${part.trim()}' is no rank: write 7, or 0..4 for 0 to 3, with commas in between`;
      return fail({ code: 'invalid_ranks', message });
    }
    const range = { start: Number(first), end: end === undefined ? Number(first) + 1 : Number(end) };
    if (range.end <= range.start) {
      const message = `'${part.trim()}' selects nothing: a range does not include its end`;
      return fail({ code: 'invalid_ranks', message });
    }
    ranges.push(range);
  }
  return ok(ranges);
}

/** The ranks that a field of a request selects; undefined when it is absent or wrong, which is added to `errors`. */
export function readRanks(
  text: string | undefined,
  field: string,
  errors: FieldError[],
): RankRange[] | undefined {
  if (text === undefined) return undefined;
  const parsed = parseRanks(text);
  if (!parsed.ok) errors.push({ field, message: parsed.fault.message });
  return parsed.ok ? parsed.value : undefined;
}

/** Whether one of the ranges has this rank. */
export const isSelected = (ranges: readonly RankRange[], rank: number): boolean =>
  ranges.some(({ start, end }) => rank >= start && rank < end);
