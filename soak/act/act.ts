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
