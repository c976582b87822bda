import { callAfter } from '@hostmesh/core';
import { OutputEntry, type OpenOutputLine } from '@hostmesh/protocol';
import type { OutputLine } from './line-splitter.ts';
import { LogFiles, type OutputListener } from './log-files.ts';
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
  /** Lines that have begun after all entries, and not ended. */
  readonly open: OpenOutputLine[];
  /** Another number when `open` is another. */
  readonly openVersion: number;
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
  readonly #hearing = new Set<(chunk: Buffer, stream: OutputStream) => void>();
  readonly #open = new Map<OutputStream, OpenOutputLine>();
  /** Begins where no earlier agent's has come to. */
  #openVersion = Date.now();
  #opened: Promise<void> | null = null;
  #lastSeq = 0;
  #tail: string[] = [];
  #closed = false;

  /** `isNew`: nothing was ever written there. */
  constructor(
    dir: string,
    {
      isNew,
      nowMs = Date.now,
      listener,
    }: { readonly isNew: boolean; readonly nowMs?: () => number; readonly listener?: OutputListener },
  ) {
    this.nowMs = nowMs;
    this.#files = new LogFiles(dir, listener);
    if (isNew) this.#opened = Promise.resolve();
  }

  /** The number of the last line; 0 while there is none. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Why output cannot be read or written: then memory alone has the last of it. Null again once it can. */
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
    if (this.#open.delete(stream)) this.#openVersion += 1;
    const written = this.#files.append(records);
    this.#wake();
    return this.#files.pendingChars > MAX_PENDING_CHARS ? written : null;
  }

  /** What a stream has written of a line that has not ended, in place of what was shown of it; nothing when empty. */
  show(stream: OutputStream, text: string, nowMs: number): void {
    if (text === (this.#open.get(stream)?.text ?? '')) return;
    if (text === '') this.#open.delete(stream);
    else this.#open.set(stream, { stream, at: nowMs, text });
    this.#openVersion += 1;
    this.#wake();
  }

  /** Bytes have come, of which lines will be made: whoever watches hears of them first. */
  hear(stream: OutputStream, chunk: Buffer): void {
    for (const hear of [...this.#hearing]) hear(chunk, stream);
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
    const range = { after: null, tail: 10 * TAIL_LINES, maxBytes: RING_BYTES, waitMs: 0, openVersion: null };
    const { entries } = await this.read(range, AbortSignal.abort());
    const lines = entries.flatMap(({ stream, text }) =>
      stream === 'stderr' ? [text.slice(0, TAIL_CHARS)] : [],
    );
    return lines.slice(-TAIL_LINES);
  }

  /** Calls back with all bytes to come, as they come; returns how to end that. */
  watch(onBytes: (chunk: Buffer, stream: OutputStream) => void): () => void {
    this.#hearing.add(onBytes);
    return () => this.#hearing.delete(onBytes);
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

  /**
   * Entries after `after`, or the last `tail` ones; waits up to `waitMs` for the first one or for other open lines than
   * those of `openVersion`, or until `signal` fires.
   */
  async read(range: ReadRange, signal: AbortSignal): Promise<LogPage> {
    const { after, tail, maxBytes, waitMs } = range;
    await this.open();
    const from = after ?? (tail === null ? 0 : Math.max(0, this.#lastSeq - tail));
    if (waitMs > 0) await this.#more(from, range, signal);
    const entries = await this.#readEntries(from, maxBytes);
    const open = [...this.#open.values()];
    return {
      entries,
      open,
      openVersion: this.#openVersion,
      firstSeq: this.#firstSeq(),
      lastSeq: this.#lastSeq,
    };
  }

  /** What memory has comes from there: the disk may not have all of it. */
  async #readEntries(from: number, maxBytes: number): Promise<OutputEntry[]> {
    const inMemory = this.#ring.firstSeq;
    if (inMemory !== null && from + 1 >= inMemory) return this.#ring.read(from, maxBytes);
    const lines = await this.#files.read(from, maxBytes);
    const stored = lines.map((line) => OutputEntry.parse(JSON.parse(line)));
    const missed = stored.findIndex(({ seq }) => inMemory !== null && seq >= inMemory);
    if (missed === -1) return stored.length > 0 ? stored : this.#ring.read(from, maxBytes);
    const restBytes = lines.slice(missed).reduce((sum, line) => sum + Buffer.byteLength(line), 0);
    return [...stored.slice(0, missed), ...this.#ring.read((inMemory ?? 1) - 1, restBytes)];
  }

  #firstSeq(): number {
    const inMemory = this.#ring.firstSeq ?? this.#lastSeq + 1;
    return Math.max(1, Math.min(this.#files.firstSeq ?? inMemory, inMemory));
  }

  /** Whether somebody who has read that far does not know all. */
  #hasNews(from: number, openVersion: number | null): boolean {
    const isOpenKnown = openVersion === null ? this.#open.size === 0 : openVersion === this.#openVersion;
    return this.#lastSeq > from || !isOpenKnown || this.#closed;
  }

  #more(from: number, { waitMs, openVersion }: ReadRange, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancelTimer();
        signal.removeEventListener('abort', done);
        this.#waiting.delete(look);
        resolve();
      };
      const look = () => {
        if (this.#hasNews(from, openVersion)) done();
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
  /** That of the open lines which the reader has; null when it has none. */
  readonly openVersion: number | null;
}
