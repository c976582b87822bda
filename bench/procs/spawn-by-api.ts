import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { followEvents } from '@hostmesh/client';
import type { SimHostsProcess } from '@hostmesh/testkit';
import type { BenchApi } from '../app/contestants.ts';
import { percentile } from '../measure/statistics.ts';
import { TIMEOUT_MS } from './terms.ts';

/** How many histories are read at a time. */
const READERS = 8;
const RECORDED_WITHIN_MS = 20_000;
/** Changes of single procs that a client is told of, one after the other. */
const KILLS = 50;
/** Between two of them nothing happens for so long: under load, events are told in rounds. */
const QUIET_MS = 400;

/** What the API has recorded, against what is the case on the hosts. */
export interface Recorded {
  readonly rows: number;
  readonly lost: number;
  readonly outOfOrder: number;
}

/** Spawns through the API; milliseconds until it answers that all are ready, and that is recorded. */
export async function spawnByApi(
  api: BenchApi,
  perHost: number,
): Promise<{ ms: number; procMeshId: string }> {
  const began = performance.now();
  const procMesh = await api.ask(`/meshes/${api.meshId}/proc-meshes`, {
    name: 'bench',
    perHost: { slots: perHost },
    command: { program: 'sim' },
    readiness: { kind: 'alive', for: '0ms' },
    restart: { policy: 'always', limit: 1000, backoff: '100ms', maxBackoff: '100ms' },
    timeout: `${TIMEOUT_MS}ms`,
  });
  const ms = performance.now() - began;
  // An answer to a successful spawn: see the contract.
  return { ms, procMeshId: (procMesh as { id: string }).id };
}

/** Reads the history of every proc, until it has all of `truth`: the last generation by proc id. */
export async function recorded(api: BenchApi, truth: ReadonlyMap<string, number>): Promise<Recorded> {
  const endMs = Date.now() + RECORDED_WITHIN_MS;
  const left = [...truth];
  const total = { rows: 0, lost: 0, outOfOrder: 0 };
  const read = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [procId, last] = next;
      let history = await historyOf(api, procId);
      while (history.at(-1) !== last && Date.now() < endMs) {
        await delay(200);
        history = await historyOf(api, procId);
      }
      total.rows += history.length;
      total.lost += last - new Set(history).size;
      total.outOfOrder += history.filter(
        (generation, index) => generation <= (history[index - 1] ?? 0),
      ).length;
    }
  };
  await Promise.all(Array.from({ length: READERS }, read));
  return total;
}

/** Generations that its host told of, oldest first. */
async function historyOf(api: BenchApi, procId: string): Promise<number[]> {
  const generations: number[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    // See `ProcTransitionList` of the contract.
    const page = (await api.ask(`/procs/${procId}/history?limit=100${query}`)) as {
      items: { generation: number; source: string }[];
      nextCursor: string | null;
    };
    generations.push(
      ...page.items.filter(({ source }) => source === 'host').map(({ generation }) => generation),
    );
    cursor = page.nextCursor;
  }
  return generations.reverse();
}

/** From the change on its host to a client of the event stream, while nothing else happens; milliseconds. */
export async function changeToClientMs(
  api: BenchApi,
  hosts: SimHostsProcess,
  procMeshId: string,
): Promise<{ p50: number; p99: number }> {
  const ended = new AbortController();
  const live = Promise.withResolvers<void>();
  let heard: (procId: string, generation: number) => void = () => undefined;
  const following = followEvents(api.client, {
    signal: ended.signal,
    filter: { procMesh: procMeshId },
    onState: ({ kind }) => kind === 'live' && live.resolve(),
    onEvent: (event) => {
      if (event.type !== 'proc_mesh.procs_changed') return;
      for (const { id, generation } of event.procs) heard(id, generation);
    },
  });
  await live.promise;
  const latenciesMs: number[] = [];
  const running = (await hosts.truth()).flatMap(({ rank: hostRank, procs }) => {
    const [proc] = procs;
    return proc === undefined ? [] : [{ ...proc, hostRank }];
  });
  for (const { hostRank, procId, generation } of running.slice(0, KILLS)) {
    await delay(QUIET_MS);
    const told = new Promise<void>((resolve) => {
      heard = (id, now) => id === procId && now > generation && resolve();
    });
    const began = performance.now();
    await hosts.killProc(hostRank, procId, 'SIGKILL');
    await told;
    latenciesMs.push(performance.now() - began);
  }
  ended.abort();
  await following;
  return { p50: percentile(latenciesMs, 0.5), p99: percentile(latenciesMs, 0.99) };
}

/** The most memory that a process has had, where the system tells. */
export async function peakRssMbOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}
