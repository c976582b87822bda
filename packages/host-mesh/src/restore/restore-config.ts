import type { Transport } from '@hostmesh/protocol';
import { systemClock, type Clock } from '../clock/clock.ts';
import { HostLinks } from '../links/host-links.ts';
import type { Restore } from '../push/push-report.ts';
import { DEFAULT_CONCURRENCY } from '../push/push-settings.ts';
import type { HostMeshRef } from '../ref/host-mesh-ref.ts';
import { RESTORE_BUDGET_MS, restoreHosts } from './restore-hosts.ts';

export interface RestoreConfigOptions {
  readonly transport: Transport;
  /** Ranks to ask; all when absent. */
  readonly ranks?: readonly number[];
  /** Ranks that are known to have installed: a restore elsewhere is reported as a late install. */
  readonly installed?: ReadonlySet<number>;
  /** How long to try; 5 s when absent. Whoever has not answered by then is residue. */
  readonly budgetMs?: number;
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** For tests; the system's clock when absent. */
  readonly clock?: Clock;
  /** For tests; in [0, 1). */
  readonly random?: () => number;
}

/** What became of a push on one host; never `pending`. */
export interface HostRestore {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  readonly restore: Restore;
}

/**
 * Undoes the push of `epoch` on hosts of which it is not known whether they hold it, after the process that ran it
 * is gone (design sections 7.3, 7.4). In rank order. Asking hosts that never got the push, or asking twice, is
 * harmless; the push is refused should it arrive later.
 */
export async function restoreConfig(
  ref: HostMeshRef,
  epoch: number,
  options: RestoreConfigOptions,
): Promise<HostRestore[]> {
  const { ranks, installed, budgetMs = RESTORE_BUDGET_MS, concurrency = DEFAULT_CONCURRENCY } = options;
  const { transport, signal, clock = systemClock, random = Math.random } = options;
  const wanted = ranks && new Set(ranks);
  const targets = ref.targets.filter(({ rank }) => wanted?.has(rank) ?? true);
  const restores = new Map<number, Restore>();
  const links = new HostLinks();
  await restoreHosts(
    targets.map((target) => ({ ...target, acknowledged: installed?.has(target.rank) ?? false })),
    epoch,
    { transport, links, concurrency, clock, random, signal, budgetMs },
    (rank, restore) => restores.set(rank, restore),
  );
  links.closeAll();
  return targets.flatMap(({ rank, text }) => {
    const restore = restores.get(rank);
    return restore === undefined ? [] : [{ rank, address: text, restore }];
  });
}
