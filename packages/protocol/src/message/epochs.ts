import type { AgentFault, AnswerResult } from './answer.ts';
import type { AgentChange } from './event.ts';

/** What a push, or the restore of one, says of its place among all of them. */
export interface PlaceInOrder {
  readonly epoch: number;
  readonly heardEpoch?: number | undefined;
}

/**
 * Where it stands in the order of all pushes and restores on a host: at its epoch, and after everything that its client had
 * heard of there before it was sent. So clocks that differ never make a later push the older one, and one that was sent
 * in ignorance of another never gets past it by being late.
 */
export const orderOf = ({ epoch, heardEpoch }: PlaceInOrder): number =>
  heardEpoch === undefined ? epoch : Math.max(epoch, heardEpoch + 1);

/** `heardEpoch` of a push or restore to a host that has told this; nothing where the epoch is above that anyway. */
export const heardOf = (told: number, epoch: number): { heardEpoch?: number } =>
  told > epoch ? { heardEpoch: told } : {};

/** The greatest epoch that the host has seen, where it says so with this; 0 otherwise. */
export function toldEpoch(said: AnswerResult | AgentChange | AgentFault): number {
  if ('config' in said) return said.config.epoch;
  return 'epoch' in said ? (said.epoch ?? 0) : 0;
}
