import { hash } from 'node:crypto';
import type { SimFault } from './sim-fault.ts';

/** So many hosts, chosen by the seed, get this fault. */
export interface FaultRule {
  readonly fault: SimFault;
  readonly count: number;
}

/** Faults by rank, or rules that a seed turns into faults by rank. */
export type SimFaults =
  | Readonly<Record<number, SimFault>>
  | { readonly seed: number; readonly rules: readonly FaultRule[] };

/**
 * Which rank gets which fault; ranks that are not in it are healthy. Equal input gives equal output. With more
 * faults than hosts the last ones are not given to anybody.
 */
export function assignFaults(hostCount: number, faults: SimFaults): ReadonlyMap<number, SimFault> {
  if (!isRules(faults)) {
    return new Map(Object.entries(faults).map(([rank, fault]) => [Number(rank), fault]));
  }
  const ranks = shuffledRanks(hostCount, faults.seed);
  const wanted = faults.rules.flatMap(({ fault, count }) => Array.from({ length: count }, () => fault));
  return new Map(
    ranks.slice(0, wanted.length).map((rank, index) => [rank, wanted[index] ?? { kind: 'healthy' }]),
  );
}

const isRules = (faults: SimFaults): faults is Extract<SimFaults, { rules: unknown }> => 'rules' in faults;

/** Ordered by hash: as good as random, and the same for the same seed. */
function shuffledRanks(hostCount: number, seed: number): number[] {
  return Array.from({ length: hostCount }, (_, rank) => ({ rank, order: hash('sha256', `${seed}:${rank}`) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ rank }) => rank);
}
