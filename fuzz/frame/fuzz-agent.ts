import { pass } from '@hostmesh/soak/place';
import { randomOf } from '@hostmesh/soak/random';
import type { Target } from '../rig/target.ts';
import { sensibleFor } from '../sensible.ts';
import { makeFrames, tryProven, tryUnproven, type FuzzFrame } from './try-frames.ts';
import { judgeUpgrade, makeUpgrade, tryUpgrade } from './try-upgrade.ts';

const HEALTH_MS = 5_000;
/** So that the numbers of requests and of connections are others. */
const SEED_SHIFT = 1;

/** An agent that was told to leave is there again by then. */
const HEALTHY_WITHIN_MS = 20_000;

/** Makes one connection of a kind that is drawn, on one of the agents: what was wrong with how it went. */
export async function fuzzAgent(
  target: Target,
  { seed, step, hostile }: { seed: number; step: number; hostile: readonly unknown[] },
): Promise<string[]> {
  const random = randomOf(seed + SEED_SHIFT, step);
  const address = random.pick(target.addresses) ?? '';
  const kind = random.below(4);
  const sent =
    kind === 0 ? makeUpgrade(random, hostile) : makeFrames(random, sensibleFor(target.addresses), hostile);
  const wrong = await connectAs(kind, sent, address, target);
  const health = await healthOf(address, target);
  return [...wrong, ...health].map(
    (what) => `connection ${step} ${what}\n  ${JSON.stringify(sent).slice(0, 2000)}`,
  );
}

async function connectAs(
  kind: number,
  sent: string | FuzzFrame[],
  address: string,
  { key }: Target,
): Promise<string[]> {
  try {
    if (typeof sent === 'string') return judgeUpgrade(await tryUpgrade(address, sent));
    return kind === 1 ? await tryUnproven(address, key, sent) : await tryProven(address, key, sent);
  } catch (error) {
    // It was just told to leave, by an earlier connection or the API: whether it is well is asked next.
    return /ECONNREFUSED|ECONNRESET|hang up/.test(String(error)) ? [] : [`fails: ${String(error)}`];
  }
}

/** Asks until the agent is well; those that have left are started again. */
async function healthOf(address: string, target: Target): Promise<string[]> {
  const deadline = Date.now() + HEALTHY_WITHIN_MS;
  for (;;) {
    await target.revive();
    const status = await fetch(`http://${address.replace('tcp:', '')}/healthz`, {
      signal: AbortSignal.timeout(HEALTH_MS),
    }).then(
      (answer) => answer.status,
      (error: unknown) => String(error),
    );
    if (status === 200) return [];
    if (Date.now() > deadline) return [`makes health answer ${status}`];
    await pass(100);
  }
}
