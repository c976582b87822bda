import { parseArgs } from 'node:util';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import { simFault, simFaultKinds, type SimFaultKind } from '../fault/sim-fault.ts';
import type { SimHostsSpec } from '../host/start-sim-hosts.ts';
import { behaviourUsage } from '../proc/sim-behaviour.ts';

const kinds = simFaultKinds.filter((kind) => kind !== 'healthy');
const optionOf = (kind: SimFaultKind): string => kind.replaceAll('_', '-');

/** Options that take a whole number, with their defaults. */
const numberDefaults: Readonly<Record<string, number>> = {
  hosts: 10,
  'base-port': 30_000,
  seed: 1,
  'late-ms': 2000,
  'drip-ms': 30_000,
  hang: 0,
  ...Object.fromEntries(kinds.map((kind) => [optionOf(kind), 0])),
};

/** What `--help` prints. */
export const simHostsUsage = `Simulated hosts that speak the agent protocol, for trying out attach and spawn by hand.

  pnpm sim-hosts --hosts 1000 --base-port 30000 --refuse 5 --hang 2

  --hosts N        how many hosts (10)
  --base-port P    port of the first host, the others follow; 0 for any free ports (30000)
  --seed S         decides which hosts get the faults (1)
  --key-file F     holds the key that clients have to prove (.hostmesh/agent-key, that of npm start, if it is there)

How many hosts have a fault (0 each):
${kinds.map((kind) => `  --${optionOf(kind)} N`).join('\n')}
  --hang N         the same as --hang-after-accept

  --late-ms T      how late --answer-late acknowledges (2000)
  --drip-ms T      how long --slow-drip takes to acknowledge (30000)
  --reject-code C  what --reject answers (wrong_lifecycle)

Procs are simulated too. The program "sim" reads what it is to do from its arguments, which may be combined; any
other program gets ready and goes on until it is stopped:
${behaviourUsage}
What is printed can be pasted as a host list. Ctrl-C ends the hosts.
`;

/** What the command line asks for. */
export interface SimHostsOptions extends SimHostsSpec {
  readonly keyFile?: string;
}

/** Reads the command line; `help` when that is what was asked for. */
export function parseSimHostsOptions(
  args: readonly string[],
): Result<SimHostsOptions | 'help', Fault<'bad_option'>> {
  const read = readArgs(args);
  if (!read.ok) return read;
  const { help, 'key-file': keyFile, 'reject-code': code = 'wrong_lifecycle', ...given } = read.value;
  if (help === true) return ok('help');
  const numbers = { ...numberDefaults };
  for (const [name, text] of Object.entries(given)) {
    if (!/^\d{1,9}$/.test(String(text))) return bad(`--${name} needs a whole number, not "${String(text)}"`);
    numbers[name] = Number(text);
  }
  const number = (name: string): number => numbers[name] ?? 0;
  const details = { afterMs: number('late-ms'), overMs: number('drip-ms'), code: String(code) };
  const rules = kinds.map((kind) => ({
    fault: simFault(kind, details),
    count: number(optionOf(kind)) + (kind === 'hang_after_accept' ? number('hang') : 0),
  }));
  const faulty = rules.reduce((sum, { count }) => sum + count, 0);
  if (faulty > number('hosts')) return bad(`${faulty} faults are more than ${number('hosts')} hosts`);
  return ok({
    count: number('hosts'),
    basePort: number('base-port'),
    faults: { seed: number('seed'), rules },
    ...(keyFile !== undefined && { keyFile: String(keyFile) }),
  });
}

const bad = (message: string) => fail({ code: 'bad_option', message } as const);

function readArgs(
  args: readonly string[],
): Result<Record<string, string | boolean | undefined>, Fault<'bad_option'>> {
  const names = [...Object.keys(numberDefaults), 'key-file', 'reject-code'];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    // pnpm passes on the "--" that ends its own options.
    const own = args.filter((arg) => arg !== '--');
    return ok(
      parseArgs({ args: own, options: { ...options, help: { type: 'boolean', short: 'h' } } }).values,
    );
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}
