import type { ProcRecord } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import type { LogSource } from './log-source.ts';

/** What is kept of the end of a proc's output. */
const KEEP_BYTES = 262_144;
/** How many of the last lines are asked for: the first number whose lines fit. */
const TAILS = [2000, 400, 80, 16] as const;
/** How many hosts are asked at a time. */
const LANES = 8;
/** Pauses before a host that does not answer is asked again. */
const RETRY_MS = [1000, 5000, 30_000, 120_000, 600_000] as const;

/** Fetches the last output of procs that have ended, so that it is there when their hosts are not. */
export class LogKeeper {
  readonly #source: LogSource;
  readonly #log: FastifyBaseLogger;
  /** By id, with how often it was tried. */
  readonly #waiting = new Map<string, { readonly proc: ProcRecord; readonly tries: number }>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #lanes = new Set<Promise<void>>();
  #stopped = false;

  constructor(source: LogSource, log: FastifyBaseLogger) {
    this.#source = source;
    this.#log = log;
  }

  add(procs: readonly ProcRecord[]): void {
    for (const proc of procs) this.#enqueue(proc, 0);
  }

  /** Resolves when nothing is asked any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#waiting.clear();
    await Promise.all(this.#lanes);
  }

  #enqueue(proc: ProcRecord, tries: number): void {
    if (this.#stopped) return;
    this.#waiting.set(proc.id, { proc, tries });
    if (this.#lanes.size >= LANES) return;
    const lane = this.#work().finally(() => this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  async #work(): Promise<void> {
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined || this.#stopped) return;
      const [id, { proc, tries }] = next;
      this.#waiting.delete(id);
      try {
        if (!(await this.#keep(proc))) this.#tryLater(proc, tries);
      } catch (err) {
        this.#log.error({ err, procId: id }, 'the output of a proc that has ended could not be kept');
        this.#tryLater(proc, tries);
      }
    }
  }

  #tryLater(proc: ProcRecord, tries: number): void {
    const pauseMs = RETRY_MS[tries];
    if (pauseMs === undefined || this.#stopped) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#enqueue(proc, tries + 1);
    }, pauseMs);
    this.#timers.add(timer);
  }

  /** Whether its end is stored, or can never be. */
  async #keep(proc: ProcRecord): Promise<boolean> {
    const first = await this.#source.fetch(proc, { after: proc.logSeq, maxBytes: KEEP_BYTES });
    if (!first.ok) return first.fault.code === 'gone';
    const { entries, lastSeq } = first.value;
    if ((entries.at(-1)?.seq ?? proc.logSeq) >= lastSeq) return true;
    for (const tail of TAILS) {
      const last = await this.#source.fetch(proc, { after: null, tail, maxBytes: KEEP_BYTES });
      if (!last.ok) return last.fault.code === 'gone';
      if ((last.value.entries.at(-1)?.seq ?? 0) >= last.value.lastSeq) return true;
    }
    return true;
  }
}
