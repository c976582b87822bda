import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { MAX_SEED, readNumbers, type Refusal } from '@hostmesh/soak/read-numbers';

const usage = `Usage: pnpm test:fuzz [options]

Runs an API and agents of its own, and sends them what is made from the API document and the agents' protocol: most of it
as it should be, much of it not. Ends with 1 when something was answered as it must not be, and says how to repeat it.

  --requests <n>  requests to the API (default 2000)
  --frames <n>    connections to an agent, each with some frames (default 500)
  --minutes <n>   no longer than this (default 5)
  --seed <n>      what is sent, as an earlier run printed it (default: a new one)
  --agents <n>    host agents (default 2)
  --help
`;

/** What a run was asked to do. */
export interface FuzzOptions {
  readonly requests: number;
  readonly frames: number;
  readonly minutes: number;
  readonly seed: number;
  readonly agents: number;
}

/** Reads the command line: the options, or what is to be said instead of a run. */
export function readFuzzOptions(args: readonly string[]): FuzzOptions | Refusal {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        requests: { type: 'string', default: '2000' },
        frames: { type: 'string', default: '500' },
        minutes: { type: 'string', default: '5' },
        seed: { type: 'string', default: String(randomInt(1_000_000_000)) },
        agents: { type: 'string', default: '2' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    // parseArgs has no other way to say that an option is unknown or lacks its value.
    return { say: `${error instanceof Error ? error.message : String(error)}\n\n${usage}`, code: 2 };
  }
  if (values.help) return { say: usage, code: 0 };
  return readNumbers(values, {
    requests: [0, 10_000_000],
    frames: [0, 10_000_000],
    minutes: [0.01, 1440],
    seed: [0, MAX_SEED],
    agents: [1, 16],
  });
}
