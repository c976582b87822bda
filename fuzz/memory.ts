/** Memory of one part over a run, oldest first, in bytes. */
export type MemorySamples = readonly number[];

/** So much more than after its warm-up may a part have in the end: what a garbage collector leaves lying about. */
const MAX_GROWTH_BYTES = 96 * 1_048_576;
/** Fewer say nothing. */
const MIN_SAMPLES = 8;

/** How the memory of a part went, in words, and whether it grew; null when there is too little to say. */
export function memoryGrowth(
  name: string,
  samples: MemorySamples,
): { readonly text: string; readonly isFault: boolean } | null {
  if (samples.length < MIN_SAMPLES) return null;
  // Its first quarter counts as its warm-up.
  const quarter = Math.floor(samples.length / 4);
  const before = median(samples.slice(quarter, 2 * quarter));
  // What it came down to: a peak is not growth.
  const after = Math.min(...samples.slice(-quarter));
  return {
    text: `${name} had ${megabytes(before)} after its warm-up, and no less than ${megabytes(after)} in the end`,
    isFault: after - before > MAX_GROWTH_BYTES,
  };
}

const median = (values: MemorySamples): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
const megabytes = (bytes: number): string => `${Math.round(bytes / 1_048_576)} MB`;
