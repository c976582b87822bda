import { parseArgs } from 'node:util';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/** A benchmark. All its options take whole numbers. */
export interface BenchCommand<Name extends string = string> {
  readonly usage: string;
  readonly defaults: Readonly<Record<Name, number>>;
  /** Resolves with the one object that is printed. `path` is the PATH for programs that it starts. */
  run(options: Readonly<Record<Name, number>>, path: string): Promise<object>;
}

/** Names the options of a command in its type. */
export const defineCommand = <Name extends string>(command: BenchCommand<Name>): BenchCommand<Name> =>
  command;

/** Reads the options of a command, filled up with its defaults. */
export function parseBenchOptions(
  { defaults }: BenchCommand,
  args: readonly string[],
): Result<Readonly<Record<string, number>>, Fault<'bad_option'>> {
  const options = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
  );
  const numbers = { ...defaults };
  try {
    // pnpm passes on the "--" that ends its own options.
    const { values } = parseArgs({ args: args.filter((arg) => arg !== '--'), options });
    for (const [name, text] of Object.entries(values)) {
      if (!/^[1-9]\d{0,8}$/.test(String(text))) {
        return fail({
          code: 'bad_option',
          message: `--${name} needs a whole number from 1, not "${String(text)}"`,
        });
      }
      numbers[name] = Number(text);
    }
  } catch (error) {
    return fail({ code: 'bad_option', message: error instanceof Error ? error.message : String(error) });
  }
  return ok(numbers);
}

/** Tells how far a benchmark is. */
export const progress = (line: string): void => console.error(line);

/** Milliseconds and the like, to a tenth. */
export const tenths = (value: number): number => Math.round(value * 10) / 10;
/** Ratios, to a hundredth. */
export const hundredths = (value: number): number => Math.round(value * 100) / 100;
