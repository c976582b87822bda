import { pass } from '../rig/place.ts';
import type { PartName } from '../rig/product.ts';
import type { World } from '../world.ts';
import type { Act } from './act.ts';

/** How long a part is held up at most, in milliseconds. */
const HELD_MS = 8_000;

/** Marks the time in which the product need not notice anything, until after it. */
async function disturbed(world: World, does: () => Promise<void> | void): Promise<void> {
  world.chronicle.disturbedAt = Date.now();
  await does();
  world.chronicle.disturbedAt = Date.now();
}

const kill = (weight: number, part: PartName): Act => ({
  weight,
  async run(world) {
    await disturbed(world, () => world.product.signal(part, 'SIGKILL'));
    return `killed ${part}`;
  },
});

/** Something is wrong for a while, and then no longer. */
const forWhile = (begins: (world: World) => void, ends: (world: World) => void, said: string): Act => ({
  weight: 1,
  async run(world, random) {
    const forMs = random.below(HELD_MS);
    await disturbed(world, async () => {
      begins(world);
      await pass(forMs);
      ends(world);
    });
    return `${said} for ${forMs} ms`;
  },
});

const freeze = (part: PartName): Act =>
  forWhile(
    ({ product }) => product.signal(part, 'SIGSTOP'),
    ({ product }) => product.signal(part, 'SIGCONT'),
    `held ${part} still`,
  );

/** What happens to the parts of the product and their disk. */
export const partActs: Readonly<Record<string, Act>> = {
  'kill-api': kill(2, 'api'),
  'kill-web': kill(1, 'web'),
  'kill-postgres': kill(1, 'postgres'),
  'freeze-postgres': freeze('postgres-server'),
  'freeze-api': freeze('api'),
  'fill-product-disk': forWhile(
    ({ product }) => product.disk.fill(),
    ({ product }) => product.disk.free(),
    "filled the product's disk",
  ),
};
