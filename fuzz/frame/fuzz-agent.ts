import { randomOf } from '@hostmesh/soak/random';
import type { Target } from '../rig/target.ts';
import { sensibleFor } from '../sensible.ts';
import { makeFrames, tryProven, tryUnproven } from './try-frames.ts';
import { judgeUpgrade, makeUpgrade, tryUpgrade } from './try-upgrade.ts';

const HEALTH_MS = 5_000;
/** So that the numbers of requests and of connections are others. */
const SEED_SHIFT = 1;

/** Makes one connection of a kind that is drawn, on the agent at the address: what was wrong with how it went. */
export async function fuzzAgent(target: Target, seed: number, step: number): Promise<string[]> {
  const random = randomOf(seed + SEED_SHIFT, step);
  const address = random.pick(target.addresses) ?? '';
  const [kind, sent, wrong] = await connectAs(random.below(4), random, address, target);
  const health = await fetch(`http://${address.replace('tcp:', '')}/healthz`, {
    signal: AbortSignal.timeout(HEALTH_MS),
  }).then(
    ({ status }) => (status < 500 ? [] : [`makes health answer ${status}`]),
    (error: unknown) => [`makes health not answer: ${String(error)}`],
  );
  const text = JSON.stringify(sent);
  return [...wrong, ...health].map((what) => `connection ${step} ${kind} ${what}\n  ${text.slice(0, 2000)}`);
}

async function connectAs(
  kind: number,
  random: ReturnType<typeof randomOf>,
  address: string,
  { key, addresses }: Target,
): Promise<[kind: string, sent: unknown, wrong: string[]]> {
  try {
    if (kind === 0) {
      const upgrade = makeUpgrade(random);
      return ['with an upgrade', upgrade, judgeUpgrade(await tryUpgrade(address, upgrade))];
    }
    const frames = makeFrames(random, sensibleFor(addresses));
    if (kind === 1) return ['without a proof', frames, await tryUnproven(address, key, frames)];
    return ['with a proof', frames, await tryProven(address, key, frames)];
  } catch (error) {
    return ['', null, [`fails: ${String(error)}`]];
  }
}
