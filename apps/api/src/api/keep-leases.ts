import type { FastifyBaseLogger } from 'fastify';
import { repeat, type Repeating } from '../async/repeat.ts';

/** A room whose work is under leases. */
export interface Leased {
  /** Keeps what is ours. */
  readonly renew: () => Promise<void>;
  /** Takes over what nobody works on; `atStart` also what this instance's former life left. */
  readonly claim: (atStart: boolean) => Promise<void>;
}

/** Takes over what is there, then renews leases and takes over what others leave, four times per lease. */
export async function keepLeases(
  rooms: readonly Leased[],
  leaseMs: number,
  log: Pick<FastifyBaseLogger, 'error'>,
): Promise<Repeating> {
  for (const { claim } of rooms) await claim(true);
  const keepings = [
    ...rooms.map(({ renew }) =>
      repeat(leaseMs / 4, renew, (err) => log.error({ err }, 'leases could not be renewed')),
    ),
    // Apart: this may take long or fail, and nothing that is ours is lost by that.
    repeat(
      leaseMs / 4,
      async () => {
        for (const { claim } of rooms) await claim(false);
      },
      (err) => log.error({ err }, 'what others left could not be taken over'),
    ),
  ];
  return {
    async stop() {
      await Promise.all(keepings.map((each) => each.stop()));
    },
  };
}
