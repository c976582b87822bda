import { appendFile, open, rename, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { countOf } from '@hostmesh/core';
import { isDiskFull, Trouble } from '@hostmesh/part';

/** Two files of this size at most for each proc. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;
/** Where the search for a place in a file goes over to reading on from there. */
const SEARCH_BYTES = 64 * 1024;

/** What is kept of entries that the disk does not take, to be written once it does. */
const MAX_KEPT_CHARS = 256 * 1024;
/** Pause between two tries while the disk is full. */
const RETRY_MS = 1000;

/** An entry as it is written: its number, and its JSON without the end of line. */
export interface Record {
  readonly seq: number;
  readonly json: string;
}

/** Hears when output cannot be read or written any more, and when it can again, with what of it was lost meanwhile. */
export interface OutputListener {
  failed(error: unknown): void;
  mended(missing: string): void;
}

/**
 * The output of a proc on disk: JSON lines in a file that moves aside when it is full, in the place of the one before.
 * Writes and reads run one after the other, so that a read finds all that was appended before it. While the disk does not
 * take what is written, the last of it waits; what is older is missing from the numbers.
 */
export class LogFiles {
  readonly #current: string;
  readonly #older: string;
  readonly #maxFileBytes: number;
  #queue: Record[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #writing: Promise<void> | null = null;
  /** Did not get on the disk, and is tried again with what comes next. */
  #kept: Record[] = [];
  #willRetry = false;
  #sizeBytes = 0;
  #firstOfCurrent: number | null = null;
  #firstOfOlder: number | null = null;
  /** The files could not be read at the start: nothing is read from them or added. */
  #isUnreadable = false;
  /** Characters that wait for the disk. */
  pendingChars = 0;
  readonly #trouble: Trouble;
  /** The entries that were given up. */
  #missing: { readonly first: number; readonly last: number; readonly count: number } | null = null;

  constructor(dir: string, listener: OutputListener = silent, maxFileBytes = MAX_FILE_BYTES) {
    this.#trouble = new Trouble({
      began: (error) => listener.failed(error),
      over: () => {
        listener.mended(this.#takeMissing());
      },
    });
    this.#current = join(dir, 'output.jsonl');
    this.#older = join(dir, 'output.1.jsonl');
    this.#maxFileBytes = maxFileBytes;
  }

  /** Why output cannot be read or written; null again once it can. */
  get fault(): unknown {
    return this.#trouble.error;
  }

  /** The oldest entry on disk; null when there is none. */
  get firstSeq(): number | null {
    return this.#firstOfOlder ?? this.#firstOfCurrent;
  }

  /**
   * Finds out what is there from an earlier agent. Resolves with the number of the last entry, 0 when there is none or
   * the files cannot be read.
   */
  open(): Promise<number> {
    return this.#inTurn(() => this.#look()).catch((error: unknown) => {
      this.#trouble.failed(error);
      this.#isUnreadable = true;
      return 0;
    });
  }

  async #look(): Promise<number> {
    this.#firstOfOlder = (await withFile(this.#older, (file) => seqAfter(file, 0))) ?? null;
    const current = await withFile(this.#current, async (file) => {
      const size = await wholeLines(file);
      // The earlier agent may have been killed while it wrote a line.
      await truncate(this.#current, size);
      return { size, first: await seqAfter(file, 0), last: await lastSeq(file, size) };
    });
    this.#sizeBytes = current?.size ?? 0;
    this.#firstOfCurrent = current?.first ?? null;
    const last =
      current?.last ?? (await withFile(this.#older, async (file) => lastSeq(file, (await file.stat()).size)));
    return last ?? 0;
  }

  /** Writes in the background. Resolves when these records are on disk, or cannot be. */
  append(records: readonly Record[]): Promise<void> {
    this.#queue.push(...records);
    for (const { json } of records) this.pendingChars += json.length;
    this.#writing ??= this.#inTurn(() => this.#write());
    return this.#writing;
  }

  /** Lines from the first after `after` on, up to about `maxBytes` and at least one. */
  read(after: number, maxBytes: number): Promise<string[]> {
    return this.#inTurn(async () => {
      if (this.#isUnreadable) return [];
      const first = this.#firstOfCurrent;
      const isOlder = first === null || after + 1 < first;
      const lines = isOlder ? await readLines(this.#older, after, maxBytes) : [];
      const isWhole = lines.length === 0 || seqOf(lines.at(-1) ?? '') === (first ?? 0) - 1;
      const restBytes = maxBytes - lines.reduce((sum, line) => sum + line.length, 0);
      if (first === null || !isWhole || restBytes <= 0) return lines;
      return [...lines, ...(await readLines(this.#current, after, restBytes, lines.length === 0))];
    });
  }

  async #write(): Promise<void> {
    this.#writing = null;
    const added = this.#queue;
    this.#queue = [];
    const records = [...this.#kept, ...added];
    if (records.length === 0) return;
    try {
      if (this.#isUnreadable) return;
      await this.#store(records);
      this.#kept = [];
      this.#trouble.worked();
    } catch (error) {
      // A full disk costs output, not the proc. What is in memory can still be read.
      this.#trouble.failed(error);
      this.#kept = lastOf(records, MAX_KEPT_CHARS);
      this.#note(records.slice(0, records.length - this.#kept.length));
      await truncate(this.#current, this.#sizeBytes).catch(() => {});
      if (isDiskFull(error)) this.#tryAgain();
    } finally {
      for (const { json } of added) this.pendingChars -= json.length;
    }
  }

  async #store(records: readonly Record[]): Promise<void> {
    const text = records.map(({ json }) => `${json}\n`).join('');
    if (this.#sizeBytes > 0 && this.#sizeBytes + text.length > this.#maxFileBytes) await this.#rotate();
    await appendFile(this.#current, text, { mode: 0o600 });
    this.#firstOfCurrent ??= records[0]?.seq ?? null;
    this.#sizeBytes += Buffer.byteLength(text);
  }

  /** These are given up. */
  #note(lost: readonly Record[]): void {
    const [first, last] = [lost[0], lost.at(-1)];
    if (first === undefined || last === undefined) return;
    const before = this.#missing;
    this.#missing = {
      first: before?.first ?? first.seq,
      last: last.seq,
      count: (before?.count ?? 0) + lost.length,
    };
  }

  #takeMissing(): string {
    const missing = this.#missing;
    this.#missing = null;
    if (missing === null) return 'nothing is missing';
    return `${countOf(missing.count, 'line')} missing, from ${missing.first} to ${missing.last}`;
  }

  #tryAgain(): void {
    if (this.#willRetry) return;
    this.#willRetry = true;
    const retry = () => {
      this.#willRetry = false;
      void this.append([]);
    };
    setTimeout(retry, RETRY_MS).unref();
  }

  async #rotate(): Promise<void> {
    await rename(this.#current, this.#older);
    this.#firstOfOlder = this.#firstOfCurrent;
    this.#firstOfCurrent = null;
    this.#sizeBytes = 0;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => {});
    return done;
  }
}

const silent: OutputListener = { failed: () => undefined, mended: () => undefined };

/** The last records that fit, at least one. */
function lastOf(records: readonly Record[], maxChars: number): Record[] {
  let chars = 0;
  const first = records.findLastIndex(({ json }) => (chars += json.length) > maxChars);
  return records.slice(Math.min(first + 1, records.length - 1));
}

/** Undefined when there is no such file. */
async function withFile<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

const seqOf = (line: string): number | null => {
  const [, digits] = /^\{"seq":(\d+),/.exec(line) ?? [];
  return digits === undefined ? null : Number(digits);
};

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(bytes), position });
  return buffer.subarray(0, bytesRead);
}

/** The number of the first whole line at or after a place that is 0 or inside of a line. */
async function seqAfter(file: FileHandle, position: number): Promise<number | null> {
  const data = await readAt(file, position, SEARCH_BYTES);
  const start = position === 0 ? 0 : data.indexOf(0x0a) + 1;
  return seqOf(data.toString('latin1', start, start + 40));
}

/** Up to where the file consists of whole lines: entries are shorter than what is searched. */
async function wholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const start = Math.max(0, size - SEARCH_BYTES);
  return start + (await readAt(file, start, SEARCH_BYTES)).lastIndexOf(0x0a) + 1;
}

async function lastSeq(file: FileHandle, size: number): Promise<number | null> {
  const tail = (await readAt(file, Math.max(0, size - SEARCH_BYTES), SEARCH_BYTES)).toString('latin1');
  return tail.split('\n').reduceRight<number | null>((found, line) => found ?? seqOf(line), null);
}

const readLines = async (
  path: string,
  after: number,
  maxBytes: number,
  atLeastOne = true,
): Promise<string[]> => (await withFile(path, (file) => linesAfter(file, after, maxBytes, atLeastOne))) ?? [];

/** Numbers grow through the file, so that a place in it is found by halving. */
async function linesAfter(
  file: FileHandle,
  after: number,
  maxBytes: number,
  atLeastOne: boolean,
): Promise<string[]> {
  const { size } = await file.stat();
  let low = 0;
  let high = size;
  while (high - low > SEARCH_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const seq = await seqAfter(file, middle);
    if (seq !== null && seq <= after) low = middle;
    else high = middle;
  }
  const lines: string[] = [];
  let takenBytes = 0;
  let rest = Buffer.alloc(0);
  for (let at = low; at < size && takenBytes < maxBytes;) {
    const data = await readAt(file, at, SEARCH_BYTES);
    if (data.length === 0) break;
    at += data.length;
    const whole = Buffer.concat([rest, data]);
    const end = whole.lastIndexOf(0x0a) + 1;
    rest = Buffer.from(whole.subarray(end));
    for (const line of whole.toString('utf8', 0, end).split('\n')) {
      const seq = seqOf(line);
      if (seq === null || seq <= after || takenBytes >= maxBytes) continue;
      const bytes = Buffer.byteLength(line);
      if ((takenBytes > 0 || !atLeastOne) && takenBytes + bytes > maxBytes) return lines;
      lines.push(line);
      takenBytes += bytes;
    }
  }
  return lines;
}
