import { setTimeout as delay } from 'node:timers/promises';
import type { SimHostsProcess } from '@hostmesh/testkit';

const POLL_EVERY_MS = 500;
/** What is heard later is late; what is not heard then is lost. */
const CATCH_UP_MS = 10_000;

/** The last generation of every proc, by its id. */
export type Generations = ReadonlyMap<string, number>;

/** Each proc changes as often as gives the rate for all of them together. */
export const storm = (
  hosts: SimHostsProcess,
  size: {
    readonly count: number;
    readonly perHost: number;
    readonly seconds: number;
    readonly rate: number;
  },
): Promise<void> =>
  hosts.flapProcs(Math.round((size.count * size.perHost * 1000) / size.rate), size.seconds * 1000);

/** Waits until every proc is ready and stays so. */
export async function settled(hosts: SimHostsProcess): Promise<Generations> {
  for (let before = -1; ; await delay(POLL_EVERY_MS)) {
    const procs = (await hosts.truth()).flatMap((host) => host.procs);
    const changes = sum(procs.map(({ generation }) => generation));
    const isReady = procs.every(({ status }) => status.kind === 'Ready');
    if (isReady && changes === before) {
      return new Map(procs.map(({ procId, generation }) => [procId, generation]));
    }
    before = changes;
  }
}

/** How many of the last changes were not told of, given time to catch up. */
export async function missingAfter(
  truth: Generations,
  told: () => Promise<Readonly<Record<string, number>>>,
): Promise<number> {
  for (const endMs = Date.now() + CATCH_UP_MS; ; await delay(100)) {
    const now = await told();
    const missing = sum([...truth].map(([procId, generation]) => generation - (now[procId] ?? 0)));
    if (missing === 0 || Date.now() > endMs) return missing;
  }
}

export const sum = (numbers: Iterable<number>): number =>
  [...numbers].reduce((total, each) => total + each, 0);
