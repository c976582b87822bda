/** Numbers that look random and are the same for the same seed: what a run does can be done again. */
export interface Random {
  /** A whole number from 0 up to, without, `below`. */
  below(below: number): number;
  /** One of them; `undefined` of none. */
  pick<T>(items: readonly T[]): T | undefined;
  /** Some of them, at least one, in their order. */
  some<T>(items: readonly T[]): T[];
  /** True so many times in a hundred. */
  chance(percent: number): boolean;
}

/** The numbers of one step of a run: what other steps have used does not shift them (mulberry32). */
export function randomOf(seed: number, step: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(step, 0xc2b2ae35);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: (items) => items[below(items.length)],
    some(items) {
      const chosen = items.filter(() => next() < 0.5);
      return chosen.length > 0 ? chosen : items.slice(0, 1);
    },
    chance: (percent) => next() * 100 < percent,
  };
}
