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

/** What happens to the parts of the product and their disk. */
export const partActs: Readonly<Record<string, Act>> = {
  'kill-api': kill(2, 'api'),
  'kill-web': kill(1, 'web'),
  'kill-postgres': kill(1, 'postgres'),
  'freeze-postgres': {
    weight: 1,
    async run(world, random) {
      const forMs = random.below(HELD_MS);
      await disturbed(world, async () => {
        world.product.signal('postgres-server', 'SIGSTOP');
        await pass(forMs);
        world.product.signal('postgres-server', 'SIGCONT');
      });
      return `held Postgres still for ${forMs} ms`;
    },
  },
  'freeze-api': {
    weight: 1,
    async run(world, random) {
      const forMs = random.below(HELD_MS);
      await disturbed(world, async () => {
        world.product.signal('api', 'SIGSTOP');
        await pass(forMs);
        world.product.signal('api', 'SIGCONT');
      });
      return `held the API still for ${forMs} ms`;
    },
  },
  'fill-product-disk': {
    weight: 1,
    async run(world, random) {
      const forMs = random.below(HELD_MS);
      await disturbed(world, async () => {
        world.product.disk.fill();
        await pass(forMs);
        world.product.disk.free();
      });
      return `filled the product's disk for ${forMs} ms`;
    },
  },
};
