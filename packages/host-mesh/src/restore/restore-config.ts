import { encodeRequest, heardOf, type Transport } from '@hostmesh/protocol';
import { printCallFault } from '../call/call-fault.ts';
import { callHosts, type CallOptions, type CallOutcome } from '../call/host-calls.ts';
import { systemClock, type Clock } from '../clock/clock.ts';
import { HostLinks } from '../links/host-links.ts';
import { DEFAULT_CONCURRENCY } from '../links/reach.ts';
import type { HostMeshRef } from '../ref/host-mesh-ref.ts';
import type { HostTarget } from '../ref/host-ref.ts';

/**
 * What became of the snapshot on a host after a failed push (design section 7.3).
 * - `pending`: asked, no answer yet
 * - `restored`: the host has again what it had before; `lateInstall` when it had installed the snapshot although
 *   we had not heard so by the verdict
 * - `not_needed`: the host does not hold the snapshot
 * - `residue`: it may still hold it; `reason` says why we cannot tell or change it
 */
export type HostRestore =
  | { readonly kind: 'pending' }
  | { readonly kind: 'restored'; readonly lateInstall: boolean }
  | { readonly kind: 'not_needed' }
  | { readonly kind: 'residue'; readonly reason: string };

/** Options of `restoreConfig`. */
export interface RestoreConfigOptions {
  readonly transport: Transport;
  /** Ranks to ask; all when absent. */
  readonly ranks?: readonly number[];
  /** The hosts that the ranks are, as far as they are known: no other host is asked in their place. */
  readonly hostIds?: readonly (string | null)[];
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
export interface RestoreOutcome {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  readonly restore: HostRestore;
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
): Promise<RestoreOutcome[]> {
  const { ranks, installed, budgetMs = RESTORE_BUDGET_MS, concurrency = DEFAULT_CONCURRENCY } = options;
  const { transport, hostIds, signal, clock = systemClock, random = Math.random } = options;
  const wanted = ranks && new Set(ranks);
  const targets = ref.targets.filter(({ rank }) => wanted?.has(rank) ?? true);
  const restores = new Map<number, HostRestore>();
  const links = new HostLinks(hostIds);
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

/** A host that may hold the config of a failed push. */
export interface RestoreTarget extends HostTarget {
  /** Whether we had heard that it installed. */
  readonly acknowledged: boolean;
}

/** How long hosts are asked before what they hold counts as residue. */
export const RESTORE_BUDGET_MS = 5_000;

export type RestoreOptions = Omit<CallOptions, 'timeoutMs' | 'retry'> & {
  readonly budgetMs: number;
  readonly random: () => number;
};

/**
 * Asks hosts to undo the push of `epoch` and tells what became of each (design section 7.3). Hosts whose
 * connection is gone are dialled again until the budget is spent. Never tells `pending`.
 */
export function restoreHosts(
  targets: readonly RestoreTarget[],
  epoch: number,
  { budgetMs, random, ...options }: RestoreOptions,
  tell: (rank: number, restore: HostRestore) => void,
): Promise<void> {
  const acknowledged = new Set(targets.filter((target) => target.acknowledged).map(({ rank }) => rank));
  const request = { type: 'restore_client_config', id: `restore-${epoch}`, epoch } as const;
  const encoded = encodeRequest(request);
  return callHosts(
    targets,
    ({ toldEpoch }) =>
      toldEpoch > epoch ? encodeRequest({ ...request, ...heardOf(toldEpoch, epoch) }) : encoded,
    { ...options, timeoutMs: budgetMs, retry: { random } },
    (rank, outcome) => tell(rank, restoreOf(outcome, acknowledged.has(rank))),
  );
}

function restoreOf(outcome: CallOutcome<'restore_client_config'>, acknowledged: boolean): HostRestore {
  if (!outcome.ok) return { kind: 'residue', reason: printCallFault(outcome.fault) };
  return outcome.answer.outcome === 'restored'
    ? { kind: 'restored', lateInstall: !acknowledged }
    : { kind: 'not_needed' };
}
