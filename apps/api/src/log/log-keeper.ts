import { once } from 'node:events';
import { inParallel } from '@hostmesh/core';
import type { ProcRecord } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import type { LogSource } from './log-source.ts';

/** What is kept of the end of a proc's output. */
const KEEP_BYTES = 262_144;
/** How many of the last lines are asked for: the first number whose lines fit. */
const TAILS = [2000, 400, 80, 16] as const;
/** How many hosts are asked at a time: in general, and for a mesh that is about to end. */
const LANES = 8;
const DRAIN_LANES = 32;
/** Pauses before a host that does not answer is asked again. */
const RETRY_MS = [1000, 5000, 30_000, 120_000, 600_000] as const;

/** A proc whose last output is to be fetched, and how often that was tried. */
interface Wanted {
  readonly proc: ProcRecord;
  readonly tries: number;
}

/** Fetches the last output of procs that have ended, so that it is there when their hosts are not. */
export class LogKeeper {
  readonly #source: Pick<LogSource, 'fetch'>;
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  /** By id: to be asked for as soon as may be. */
  readonly #waiting = new Map<string, Wanted>();
  /** By id: to be asked for again when the timer fires. */
  readonly #paused = new Map<string, Wanted & { readonly timer: NodeJS.Timeout }>();
  /** What is asked for now, with the id of its mesh. */
  readonly #underway = new Map<Promise<void>, string>();
  readonly #lanes = new Set<Promise<void>>();
  #stopped = false;

  constructor(source: Pick<LogSource, 'fetch'>, log: Pick<FastifyBaseLogger, 'error'>) {
    this.#source = source;
    this.#log = log;
  }

  add(procs: readonly ProcRecord[]): void {
    for (const proc of procs) this.#enqueue({ proc, tries: 0 });
  }

  /**
   * Fetches now what is still to be fetched of a mesh's procs: once the mesh has ended their hosts are asked no more.
   * Resolves when that is done, or after `limitMs`.
   */
  async drainMesh(meshId: string, limitMs: number): Promise<void> {
    const limit = AbortSignal.timeout(limitMs);
    const wanted = [...this.#waiting.values(), ...this.#paused.values()].filter(
      ({ proc }) => proc.meshId === meshId,
    );
    for (const { proc } of wanted) this.#take(proc.id);
    const underway = [...this.#underway].flatMap(([asking, id]) => (id === meshId ? [asking] : []));
    const draining = inParallel(wanted, DRAIN_LANES, async (each) => {
      if (!this.#stopped) await this.#ask(each, limit);
    });
    await Promise.race([Promise.all([draining, ...underway]), once(limit, 'abort')]);
  }

  /** Resolves when nothing is asked any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { timer } of this.#paused.values()) clearTimeout(timer);
    this.#paused.clear();
    this.#waiting.clear();
    await Promise.all([...this.#lanes, ...this.#underway.keys()]);
  }

  #enqueue(wanted: Wanted): void {
    if (this.#stopped) return;
    const { id } = wanted.proc;
    this.#take(id);
    this.#waiting.set(id, wanted);
    if (this.#lanes.size >= LANES) return;
    const lane = this.#work().finally(() => this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  #take(id: string): void {
    this.#waiting.delete(id);
    clearTimeout(this.#paused.get(id)?.timer);
    this.#paused.delete(id);
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting.values();
      if (next === undefined) return;
      this.#take(next.proc.id);
      await this.#ask(next);
    }
  }

  /** Asks once; what cannot be had is asked for again later. */
  #ask(wanted: Wanted, signal?: AbortSignal): Promise<void> {
    const { proc } = wanted;
    const asking = this.#keep(proc, signal)
      .catch((err: unknown) => {
        this.#log.error({ err, procId: proc.id }, 'the output of a proc that has ended could not be kept');
        return false;
      })
      .then((isKept) => {
        if (!isKept) this.#tryLater(wanted);
      })
      .finally(() => this.#underway.delete(asking));
    this.#underway.set(asking, proc.meshId);
    return asking;
  }

  #tryLater({ proc, tries }: Wanted): void {
    const pauseMs = RETRY_MS[tries];
    // It may have ended anew meanwhile.
    if (pauseMs === undefined || this.#stopped || this.#waiting.has(proc.id)) return;
    const again = { proc, tries: tries + 1 };
    const timer = setTimeout(() => this.#enqueue(again), pauseMs);
    this.#paused.set(proc.id, { ...again, timer });
  }

  /** Whether its end is stored, or can never be. */
  async #keep(proc: ProcRecord, signal: AbortSignal | undefined): Promise<boolean> {
    const options = { maxBytes: KEEP_BYTES, ...(signal && { signal }) };
    const first = await this.#source.fetch(proc, { ...options, after: proc.logSeq });
    if (!first.ok) return first.fault.code === 'gone';
    const { entries, lastSeq } = first.value;
    if ((entries.at(-1)?.seq ?? proc.logSeq) >= lastSeq) return true;
    for (const tail of TAILS) {
      const last = await this.#source.fetch(proc, { ...options, after: null, tail });
      if (!last.ok) return last.fault.code === 'gone';
      if ((last.value.entries.at(-1)?.seq ?? 0) >= last.value.lastSeq) return true;
    }
    return true;
  }
}
