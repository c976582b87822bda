import { callAfter } from '@hostmesh/core';
import { OutputEntry } from '@hostmesh/protocol';
import type { OutputLine } from './line-splitter.ts';
import { LogFiles } from './log-files.ts';
import { LogRing } from './log-ring.ts';

const RING_BYTES = 256 * 1024;
/** Of the last lines of stderr, for reports: so many, and each so long. */
const TAIL_LINES = 20;
const TAIL_CHARS = 1000;
/** Beyond this, streams are paused until the disk has caught up. */
const MAX_PENDING_CHARS = 512 * 1024;

export type OutputStream = OutputEntry['stream'];

/** What a reader gets. */
export interface LogPage {
  readonly entries: OutputEntry[];
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/** The output of one proc, over all its runs: the last of it in memory, more of it on disk, both bounded. */
export class ProcLog {
  /** When output that comes now was written, as entries have it. */
  readonly nowMs: () => number;
  readonly #files: LogFiles;
  readonly #ring = new LogRing(RING_BYTES);
  readonly #waiting = new Set<() => void>();
  readonly #watching = new Set<(line: OutputLine, stream: OutputStream) => void>();
  #opened: Promise<void> | null = null;
  #lastSeq = 0;
  #tail: string[] = [];
  #closed = false;

  /** `isNew`: nothing was ever written there. */
  constructor(
    dir: string,
    { isNew, nowMs = Date.now }: { readonly isNew: boolean; readonly nowMs?: () => number },
  ) {
    this.nowMs = nowMs;
    this.#files = new LogFiles(dir);
    if (isNew) this.#opened = Promise.resolve();
  }

  /** The number of the last line; 0 while there is none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Why output could not be read or written, if it could not: then memory alone has it. */
  get fault(): unknown {
    return this.#files.fault;
  }

  /** Finds out what an earlier agent has written. Must be done before the first line is added. */
  open(): Promise<void> {
    this.#opened ??= this.#files.open().then((lastSeq) => {
      this.#lastSeq = lastSeq;
    });
    return this.#opened;
  }

  /** Adds lines. While the promise is there and has not settled, the disk is behind: pause. */
  add(stream: OutputStream, lines: readonly OutputLine[], nowMs: number): Promise<void> | null {
    if (lines.length === 0) return null;
    const records = lines.map((line) => {
      this.#lastSeq += 1;
      const entry: OutputEntry = { seq: this.#lastSeq, stream, at: nowMs, ...line };
      const json = JSON.stringify(entry);
      this.#ring.push({ entry, bytes: Buffer.byteLength(json) });
      return { seq: entry.seq, json };
    });
    if (stream === 'stderr') {
      const texts = lines.slice(-TAIL_LINES).map(({ text }) => text.slice(0, TAIL_CHARS));
      this.#tail = [...this.#tail, ...texts].slice(-TAIL_LINES);
    }
    for (const watch of this.#watching) for (const line of lines) watch(line, stream);
    const written = this.#files.append(records);
    this.#wake();
    return this.#files.pendingChars > MAX_PENDING_CHARS ? written : null;
  }

  /** Resolves when all that was added is on disk, or cannot be. */
  written(): Promise<void> {
    return this.#files.append([]);
  }

  /** The last lines of stderr since the last call, for a report of the run's end. */
  takeStderrTail(): string[] {
    const tail = this.#tail;
    this.#tail = [];
    return tail;
  }

  /** The last lines of stderr that are kept, of whatever run: for a process whose end nobody saw. */
  async readStderrTail(): Promise<string[]> {
    const range = { after: null, tail: 10 * TAIL_LINES, maxBytes: RING_BYTES, waitMs: 0 };
    const { entries } = await this.read(range, AbortSignal.abort());
    const lines = entries.flatMap(({ stream, text }) =>
      stream === 'stderr' ? [text.slice(0, TAIL_CHARS)] : [],
    );
    return lines.slice(-TAIL_LINES);
  }

  /** Calls back with every line to come, or piece of one; returns how to end that. */
  watch(onLine: (line: OutputLine, stream: OutputStream) => void): () => void {
    this.#watching.add(onLine);
    return () => this.#watching.delete(onLine);
  }

  /** No more will come: readers need not wait, and memory goes back. */
  close(): void {
    this.#closed = true;
    if (this.#files.fault === null) this.#ring.clear();
    this.#wake();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Entries after `after`, or the last `tail` ones; waits up to `waitMs` for the first one, or until `signal` fires. */
  async read({ after, tail, maxBytes, waitMs }: ReadRange, signal: AbortSignal): Promise<LogPage> {
    await this.open();
    const from = after ?? (tail === null ? 0 : Math.max(0, this.#lastSeq - tail));
    if (from >= this.#lastSeq && waitMs > 0) await this.#more(from, waitMs, signal);
    // What the disk has is more than what memory has, unless it cannot be written to.
    const inMemory = this.#ring.firstSeq;
    const entries =
      inMemory !== null && (from + 1 >= inMemory || this.#files.fault !== null)
        ? this.#ring.read(from, maxBytes)
        : (await this.#files.read(from, maxBytes)).map((line) => OutputEntry.parse(JSON.parse(line)));
    return { entries, firstSeq: this.#firstSeq(), lastSeq: this.#lastSeq };
  }

  #firstSeq(): number {
    const inMemory = this.#ring.firstSeq ?? this.#lastSeq + 1;
    return Math.max(1, Math.min(this.#files.firstSeq ?? inMemory, inMemory));
  }

  #more(after: number, waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancelTimer();
        signal.removeEventListener('abort', done);
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (this.#lastSeq > after || this.#closed) done();
      };
      const cancelTimer = callAfter(waitMs, done);
      signal.addEventListener('abort', done);
      this.#waiting.add(look);
      if (signal.aborted) done();
      else look();
    });
  }

  #wake(): void {
    for (const look of [...this.#waiting]) look();
  }
}

/** Which part of a log to read. */
export interface ReadRange {
  readonly after: number | null;
  readonly tail: number | null;
  readonly maxBytes: number;
  readonly waitMs: number;
}
