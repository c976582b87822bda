/** What is to be said in place of a run, and the exit code. */
export interface Refusal {
  readonly say: string;
  readonly code: number;
}

export const MAX_SEED = 4_294_967_295;

/** Options that are numbers, each with its least and greatest value. */
export function readNumbers<Name extends string>(
  values: Readonly<Record<NoInfer<Name>, string>>,
  limits: Readonly<Record<Name, readonly [least: number, most: number]>>,
): Record<Name, number> | Refusal {
  const numbers = new Map<string, number>();
  for (const [name, [least, most]] of Object.entries<readonly [number, number]>(limits)) {
    // A name of the limits, which `entries` forgets.
    const given = values[name as Name];
    const number = Number(given);
    if (!(number >= least && number <= most))
      return { say: `--${name} is "${given}": a number from ${least} to ${most} is needed.\n`, code: 2 };
    numbers.set(name, number);
  }
  // Each name of the limits has been set.
  return Object.fromEntries(numbers) as Record<Name, number>;
}
