/** What is known of the healing of one mesh between two looks at it. */
export interface HealState {
  /** Ranks that had lost their config at the last look, and in how many looks in a row others had come to them. */
  readonly gathered: ReadonlySet<number>;
  readonly looks: number;
  /** By rank, how often its host was healed in a row, and when that may be tried again. */
  readonly tries: ReadonlyMap<number, { readonly count: number; readonly nextAtMs: number }>;
}

/** Of a mesh that has not been looked at. */
export const unhealed: HealState = { gathered: new Set(), looks: 0, tries: new Map() };

/** At most so often a host is pushed to by the console itself; each try in vain doubles that. */
const PAUSE_MS = 10_000;
const MAX_PAUSE_MS = 300_000;
/** For so many looks more hosts are waited for, so that hosts that come back together are one attempt. */
const MAX_LOOKS = 3;

/** Which of the hosts that have lost their config are to be healed now. `isUrgent`: without waiting for more of them. */
export function planHeal(
  state: HealState,
  lost: readonly number[],
  nowMs: number,
  isUrgent = false,
): readonly [HealState, readonly number[]] {
  const isLost = new Set(lost);
  const tries = new Map(
    [...state.tries].filter(([rank, { nextAtMs }]) => isLost.has(rank) || nextAtMs > nowMs),
  );
  const due = lost.filter((rank) => (tries.get(rank)?.nextAtMs ?? 0) <= nowMs);
  const hasMore = due.some((rank) => !state.gathered.has(rank));
  if (due.length > 0 && hasMore && !isUrgent && state.looks + 1 < MAX_LOOKS)
    return [{ gathered: new Set(due), looks: state.looks + 1, tries }, []];
  return [{ gathered: new Set(), looks: 0, tries }, due];
}

/** An attempt over these hosts has begun. */
export function healed(state: HealState, ranks: readonly number[], nowMs: number): HealState {
  const tries = new Map(state.tries);
  for (const rank of ranks) {
    const count = (tries.get(rank)?.count ?? 0) + 1;
    tries.set(rank, { count, nextAtMs: nowMs + Math.min(PAUSE_MS * 2 ** (count - 1), MAX_PAUSE_MS) });
  }
  return { ...state, tries };
}
