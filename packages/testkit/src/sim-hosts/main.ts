import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { livePart } from '@hostmesh/part';
import type { SimHostTruth } from '../host/sim-host-truth.ts';
import { SimHostsError } from '../host/sim-hosts-error.ts';
import { startSimHostsProcess } from '../process/start-sim-hosts-process.ts';
import { hostListOf, portRanges } from './host-list.ts';
import { parseSimHostsOptions, simHostsUsage } from './sim-hosts-options.ts';

const EXIT_WITHIN_MS = 10_000;
const KEY_OF_START = '.hostmesh/agent-key';

const stop = (message: string): never => {
  process.stderr.write(`sim-hosts: ${message}\n`);
  process.exit(2);
};

const parsed = parseSimHostsOptions(process.argv.slice(2));
if (!parsed.ok) stop(`${parsed.fault.message}; see --help`);
else if (parsed.value === 'help') process.stdout.write(simHostsUsage);
else {
  try {
    const life = livePart({ heard: () => undefined, exitWithinMs: EXIT_WITHIN_MS });
    const { keyFile, ...spec } = parsed.value;
    const hosts = await startSimHostsProcess({ ...spec, ...keyIn(keyFile) });
    process.stdout.write(describe(await hosts.truth()) + `${hostListOf(hosts.addresses)}\n`);
    if (!life.stop.aborted) await once(life.stop, 'abort');
    await hosts.close();
    process.exitCode = life.exitCode;
  } catch (error) {
    if (!(error instanceof SimHostsError)) throw error;
    stop(error.message);
  }
}

/** The key that is to be proved, where there is any. */
function keyIn(keyFile: string | undefined): { agentKey?: string } {
  if (keyFile === undefined && !existsSync(KEY_OF_START)) return {};
  try {
    return { agentKey: readFileSync(keyFile ?? KEY_OF_START, 'utf8').trim() };
  } catch (error) {
    throw new SimHostsError('bad_spec', error instanceof Error ? error.message : String(error));
  }
}

/** Who does what, as comments of the host list. */
function describe(hosts: readonly SimHostTruth[]): string {
  const byKind = Map.groupBy(hosts, ({ fault }) => fault.kind);
  const portOf = ({ address }: SimHostTruth): number => Number(address.slice(address.lastIndexOf(':') + 1));
  const lines = [...byKind].map(
    ([kind, members]) => `# ${kind}: ${members.length} on ${portRanges(members.map(portOf))}\n`,
  );
  return `# ${hosts.length} simulated hosts; Ctrl-C ends them\n${lines.join('')}`;
}
