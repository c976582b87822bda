/** Middle of the values; the mean of the two middle ones for an even count. NaN without values. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * Runs every contestant once per round, in the order given, so that a slow minute of the machine hits them all.
 * Round 0 warms up and does not count. Medians by name, of what the contestants resolve with.
 */
export async function interleavedMedians<Name extends string>(
  rounds: number,
  contestants: Readonly<Record<Name, () => Promise<number>>>,
  onRound: (round: number, measured: Readonly<Record<Name, number>>) => void,
): Promise<Record<Name, number>> {
  // The keys of the object are exactly the names of its type.
  const names = Object.keys(contestants) as Name[];
  const all: Record<Name, number>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const measured: [Name, number][] = [];
    for (const name of names) measured.push([name, await contestants[name]()]);
    const byName = Object.fromEntries(measured) as Record<Name, number>;
    onRound(round, byName);
    if (round > 0) all.push(byName);
  }
  const medians = names.map((name) => [name, median(all.map((measured) => measured[name]))]);
  // Every name has its median.
  return Object.fromEntries(medians) as Record<Name, number>;
}

/** The smallest value that at least this share (0 to 1) of all is not above. NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}
