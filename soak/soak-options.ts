import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { MAX_SEED, readNumbers, type Refusal } from './read-numbers.ts';

const usage = `Usage: pnpm test:soak [options]

Runs the whole product on agents of its own, does at random what operators, networks and machines do, and looks every
second whether all that must be true is true. Ends with 1 at the first thing that is not, and says how to repeat it.

  --minutes <n>   how long (default 15)
  --seed <n>      what is done, as an earlier run printed it (default: a new one)
  --agents <n>    host agents (default 5)
  --without <act> an act that is not done, as in --without shut-down-mesh; repeatable
  --help
`;

/** What a soak was asked to do. */
export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly agents: number;
  /** Names of acts that are left out. */
  readonly without: readonly string[];
}

/** Reads the command line: the options, or what is to be said instead of a run, with the exit code. */
export function readOptions(args: readonly string[]): SoakOptions | Refusal {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '15' },
        seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
        agents: { type: 'string', default: '5' },
        without: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    // parseArgs has no other way to say that an option is unknown or lacks its value.
    return { say: `${error instanceof Error ? error.message : String(error)}\n\n${usage}`, code: 2 };
  }
  if (values.help) return { say: usage, code: 0 };
  const numbers = readNumbers(values, { minutes: [0.1, 1440], seed: [0, MAX_SEED], agents: [2, 16] });
  if ('say' in numbers) return numbers;
  return { ...numbers, without: values.without };
}
