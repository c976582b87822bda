import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostActs } from './act/hosts.ts';
import { operatorActs } from './act/operators.ts';
import { partActs } from './act/parts.ts';
import { drawn, type NamedAct } from './act/act.ts';
import { Chronicle } from './model/chronicle.ts';
import { broken } from './model/laws.ts';
import type { Look, Told } from './model/look.ts';
import { randomOf } from './random.ts';
import { HostSlot } from './rig/host-slot.ts';
import { pass } from './rig/place.ts';
import { startProduct } from './rig/product.ts';
import { settle } from './settle.ts';
import type { SoakOptions } from './soak-options.ts';
import { lookAt, type World } from './world.ts';

/** Acts between two times at which everything is given back and must be well. */
const ACTS_PER_ROUND = 20;
/** Longest pause after an act, in milliseconds. */
const MAX_PAUSE_MS = 1_500;

/** How a soak ended. */
export interface SoakReport {
  readonly acts: number;
  readonly rounds: number;
  readonly looks: number;
  /** Empty when every law held. */
  readonly broken: readonly string[];
  /** Where the logs of all parts are, when something was broken. */
  readonly dir: string | null;
}

/** Runs the product and its agents, acts on them at random and judges every look, until the time is up or a law is broken. */
export async function runSoak(options: SoakOptions, say: (line: string) => void): Promise<SoakReport> {
  const dir = mkdtempSync(join(tmpdir(), 'hostmesh-soak-'));
  const product = await startProduct(dir);
  const found: string[] = [];
  let [marker, looks, acts, rounds] = [1000, 0, 0, 0];
  // One port more than there are agents at first: for a machine that is cloned.
  const slots = await Promise.all(
    Array.from({ length: options.agents + 1 }, (_, index) =>
      HostSlot.make(`agent-${index + 1}`, dir, product.agentKeyFile),
    ),
  );
  const world: World = {
    product,
    slots,
    chronicle: new Chronicle(),
    newMarker: () => String((marker += 1)),
    blame: (what) => found.push(what),
  };
  let told: Told = { attempts: [], meshes: [], hosts: new Map(), procMeshes: [], procs: [] };
  const judge = (look: Look): void => {
    looks += 1;
    found.push(...broken(look, world.chronicle));
    world.chronicle.remember(look);
    if (look.told !== null) told = look.told;
  };

  try {
    await Promise.all(slots.slice(0, options.agents).map((slot) => slot.start()));
    const until = Date.now() + options.minutes * 60_000;
    while (Date.now() < until && found.length === 0) {
      const random = randomOf(options.seed, acts);
      const [name, act] = drawn(allActs, random, options.without);
      const did = await act.run(world, random, told);
      acts += 1;
      if (did !== null) {
        say(`${acts} ${name}: ${did}`);
        await pass(random.below(MAX_PAUSE_MS));
      }
      judge(await lookAt(world));
      if (acts % ACTS_PER_ROUND > 0 || found.length > 0) continue;
      await settle(world, judge);
      rounds += 1;
      say(`${acts} all is well: ${sizeOf(told)}`);
    }
    if (found.length === 0) await settle(world, judge);
    return { acts, rounds, looks, broken: found, dir: found.length === 0 ? null : dir };
  } finally {
    await Promise.all(slots.map((slot) => slot.remove()));
    await product.stop();
    if (found.length === 0) rmSync(dir, { recursive: true, force: true });
  }
}

const allActs: readonly NamedAct[] = Object.entries({
  ...operatorActs,
  ...hostActs,
  ...partActs,
});

/** The names that `--without` takes. */
export const actNames = allActs.map(([name]) => name);

const sizeOf = ({ attempts, meshes, procMeshes, procs }: Told): string =>
  `${attempts.length} attempts, ${meshes.length} meshes, ${procMeshes.length} proc meshes, ${procs.length} procs so far`;
