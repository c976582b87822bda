import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzAgent } from './frame/fuzz-agent.ts';
import type { FuzzOptions } from './fuzz-options.ts';
import { hostileValues } from './hostile.ts';
import { memoryGrowth } from './memory.ts';
import { fuzzApi } from './request/fuzz-api.ts';
import { startTarget } from './rig/target.ts';

/** A run ends after so many faults: the rest would be more of the same. */
const ENOUGH = 20;
const MEMORY_EVERY_MS = 500;
/** So many hostile values are drawn from. */
const HOSTILE = 1_000;

/** How a run ended. */
export interface FuzzReport {
  readonly requests: number;
  readonly connections: number;
  /** How often the API answered with which status. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Empty when everything was as it must be. */
  readonly wrong: readonly string[];
  /** Where the logs of all parts are, when something was not. */
  readonly dir: string | null;
}

/** Sends requests and frames in turn until there have been enough of both, or the time is up. */
export async function runFuzz(
  options: FuzzOptions,
  {
    say = () => undefined,
    databaseUrl,
    signal,
  }: { say?: (line: string) => void; databaseUrl?: string; signal?: AbortSignal } = {},
): Promise<FuzzReport> {
  const { seed } = options;
  const dir = mkdtempSync(join(tmpdir(), 'hostmesh-fuzz-'));
  const target = await startTarget(dir, options.agents, databaseUrl);
  const hostile = hostileValues(seed, HOSTILE);
  const wrong: string[] = [];
  const memory = new Map<string, number[]>();
  const sampling = setInterval(() => {
    for (const { name, rssBytes } of target.parts())
      if (rssBytes > 0) memory.set(name, [...(memory.get(name) ?? []), rssBytes]);
  }, MEMORY_EVERY_MS);
  try {
    const api = await fuzzApi(target, seed, hostile);
    let [requests, connections] = [0, 0];
    const isOver = (): boolean => Date.now() > until || wrong.length >= ENOUGH || signal?.aborted === true;
    const until = Date.now() + options.minutes * 60_000;
    const found = (faults: readonly string[]): void => {
      // A terminal tells the parts to end, too.
      if (signal?.aborted === true) return;
      const others = faults.filter((fault) => !wrong.includes(fault));
      for (const fault of others) say(`WRONG ${fault}`);
      wrong.push(...others);
    };
    while ((requests < options.requests || connections < options.frames) && !isOver()) {
      if (requests < options.requests) {
        const wave = await api.next();
        requests += wave.sent;
        found(wave.wrong);
      }
      // As many of one as of the other are left when both began alike.
      const share = options.requests === 0 ? 1 : requests / options.requests;
      while (connections < options.frames * share && !isOver()) {
        found(await fuzzAgent(target, { seed, step: (connections += 1), hostile }));
      }
      found(target.parts().flatMap(({ crash }) => crash ?? []));
      await target.revive();
    }
    api.close();
    for (const [name, samples] of memory) {
      const growth = memoryGrowth(name, samples);
      if (growth?.isFault === true) found([growth.text]);
      else if (growth !== null) say(growth.text);
    }
    const kept = wrong.length === 0 ? null : dir;
    return { requests, connections, statuses: api.statuses, wrong, dir: kept };
  } finally {
    clearInterval(sampling);
    await target.stop();
    if (wrong.length === 0) rmSync(dir, { recursive: true, force: true });
  }
}
