import { encodeRequest } from '@hostmesh/protocol';
import { askHosts, type AskOptions, type AskOutcome } from '../ask/ask-hosts.ts';
import { printAskFault } from '../ask/ask-fault.ts';
import type { HostTarget } from '../ref/host-target.ts';
import type { Restore } from '../push/push-report.ts';

/** A host that may hold the config of a failed push. */
export interface RestoreTarget extends HostTarget {
  /** Whether we had heard that it installed. */
  readonly acknowledged: boolean;
}

/** How long hosts are asked before what they hold counts as residue. */
export const RESTORE_BUDGET_MS = 5_000;

export type RestoreOptions = Omit<AskOptions, 'timeoutMs' | 'retry'> & {
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
  tell: (rank: number, restore: Restore) => void,
): Promise<void> {
  const acknowledged = new Set(targets.filter((target) => target.acknowledged).map(({ rank }) => rank));
  return askHosts(
    targets,
    encodeRequest({ type: 'restore_client_config', id: `restore-${epoch}`, epoch }),
    { ...options, timeoutMs: budgetMs, retry: { random } },
    (rank, outcome) => tell(rank, restoreOf(outcome, acknowledged.has(rank))),
  );
}

function restoreOf(outcome: AskOutcome<'restore_client_config'>, acknowledged: boolean): Restore {
  if (!outcome.ok) return { kind: 'residue', reason: printAskFault(outcome.fault) };
  return outcome.answer.outcome === 'restored'
    ? { kind: 'restored', lateInstall: !acknowledged }
    : { kind: 'not_needed' };
}
