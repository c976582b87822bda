import type { StrayHost } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import { repeat, type Repeating } from '../async/repeat.ts';
import type { OwnedMeshes } from '../mesh/owned-meshes.ts';
import type { RouteResult } from '../problem/route-fault.ts';
import type { Started } from './attempt-service.ts';
import { healed, planHeal, unhealed, type HealState } from './plan-heal.ts';

export interface HealerDeps {
  readonly owned: Pick<OwnedMeshes, 'ids' | 'watch'>;
  /** Starts an attempt over these hosts of a mesh. */
  heal(meshId: string, ranks: readonly number[], abandoned: readonly string[]): Promise<RouteResult<Started>>;
  /** Those of them whose mesh has ended, and that no attempt is at work on. */
  abandoned(strays: readonly StrayHost[]): Promise<readonly StrayHost[]>;
  readonly log: FastifyBaseLogger;
}

const LOOK_EVERY_MS = 1000;

/**
 * Pushes again, in the console's own name, to hosts of our meshes that have lost their config (design 7.5). Where an attempt or
 * an end is under way on the mesh, that goes first.
 */
export class Healer {
  readonly #deps: HealerDeps;
  #states: ReadonlyMap<string, HealState> = new Map();
  #looking: Repeating | null = null;

  constructor(deps: HealerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#looking = repeat(
      LOOK_EVERY_MS,
      () => this.#look(),
      (err) => this.#deps.log.error({ err }, 'hosts that have lost their config could not be healed'),
    );
  }

  async stop(): Promise<void> {
    await this.#looking?.stop();
  }

  /** Heals at once what may be healed of a mesh that procs are about to be started on, and waits for what comes of it. */
  async now(meshId: string): Promise<void> {
    if (this.#looking === null) return;
    const started = await this.#heal(meshId, true);
    await started?.run?.verdict;
  }

  async #look(): Promise<void> {
    const { ids } = this.#deps.owned;
    const owned = new Set(ids);
    this.#states = new Map([...this.#states].filter(([id]) => owned.has(id)));
    for (const id of ids) await this.#heal(id, false);
  }

  async #heal(meshId: string, isUrgent: boolean): Promise<Started | null> {
    const { owned, heal, abandoned, log } = this.#deps;
    const watch = owned.watch(meshId);
    const strays = watch?.strays() ?? [];
    const left = strays.length === 0 ? [] : await abandoned(strays);
    const lost = [...(watch?.lostRanks() ?? []), ...left.map(({ rank }) => rank)].toSorted((a, b) => a - b);
    const before = this.#states.get(meshId) ?? unhealed;
    if (lost.length === 0 && before.tries.size === 0) return null;
    const [state, due] = planHeal(before, lost, performance.now(), isUrgent);
    this.#note(meshId, state);
    if (due.length === 0) return null;
    const started = await heal(meshId, due, [...new Set(left.map((stray) => stray.meshId))]);
    if (started.ok) {
      this.#note(meshId, healed(state, due, performance.now()));
      return started.value;
    }
    // Something else is under way there, or the mesh has ended: the next look finds out what is left to do.
    log.debug({ meshId, hosts: due.length, code: started.fault.code }, 'a heal was put off');
    return null;
  }

  #note(meshId: string, state: HealState): void {
    this.#states = new Map(this.#states).set(meshId, state);
  }
}
