import type { Told } from '../model/look.ts';
import type { Random } from '../random.ts';
import type { World } from '../world.ts';

/** One thing that happens to the product. */
export interface Act {
  /** How often it is drawn, against the others. */
  readonly weight: number;
  /** Does it, and says what it did; `null` when there was nothing to do it to. */
  readonly run: (world: World, random: Random, told: Told) => Promise<string | null>;
}

export type NamedAct = readonly [name: string, act: Act];

/** One of the acts, each as often as its weight says, but those that are left out. */
export function drawn(all: readonly NamedAct[], random: Random, without: readonly string[]): NamedAct {
  const acts = all.filter(([name]) => !without.includes(name));
  let at = random.below(acts.reduce((sum, [, { weight }]) => sum + weight, 0));
  const found = acts.find(([, { weight }]) => (at -= weight) < 0);
  if (found === undefined) throw new Error('no act is left');
  return found;
}
