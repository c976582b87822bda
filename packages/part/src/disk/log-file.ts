import { appendFile, rename, stat, truncate } from 'node:fs/promises';
import { errnoOf, printBytes } from './disk-space.ts';

/** What a log needs of the disk. */
export interface LogDisk {
  /** 0 when there is no such file. */
  sizeOf(file: string): Promise<number>;
  append(file: string, data: Buffer): Promise<void>;
  truncate(file: string, sizeBytes: number): Promise<void>;
  rename(from: string, to: string): Promise<void>;
}

export interface LogFileOptions {
  /** A sentence for people: the log cannot be written, or can again. Each is said once. */
  readonly say: (sentence: string) => void;
  /** A file that is full moves aside. */
  readonly maxFileBytes?: number;
  /** So many files in all; the oldest goes. */
  readonly maxFiles?: number;
  /** What is kept in memory while the disk takes nothing: the last of it. */
  readonly maxWaitingBytes?: number;
  /** Pause between two tries while the disk takes nothing. */
  readonly retryMs?: number;
  readonly disk?: LogDisk;
}

const MIB = 1024 * 1024;
const defaults = { maxFileBytes: 10 * MIB, maxFiles: 3, maxWaitingBytes: MIB, retryMs: 1000 };

/**
 * A log in files of bounded size: `api.log`, and before it `api.log.1` and `api.log.2`. While the disk does not take it,
 * the last of it is kept in memory and written once the disk does; how much is missing stands in its place. Never throws.
 */
export class LogFile {
  readonly path: string;
  readonly #options: LogFileOptions & typeof defaults;
  readonly #disk: LogDisk;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #missingBytes = 0;
  #sizeBytes: number | null = null;
  #turn: Promise<void> = Promise.resolve();
  #isInTrouble = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(path: string, options: LogFileOptions) {
    this.path = path;
    this.#options = { ...defaults, ...options };
    this.#disk = options.disk ?? realDisk;
  }

  /** Resolves once the text is on disk, or is kept in memory because the disk does not take it. */
  write(data: Buffer | string): Promise<void> {
    const chunk = typeof data === 'string' ? Buffer.from(data) : data;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    // Tried again when the timer fires.
    if (this.#timer === null) this.#turn = this.#turn.then(() => this.#pour());
    this.#dropOldest();
    return this.#turn;
  }

  /** Writes all that comes from a stream, no faster than the disk takes it. Resolves when the stream has ended. */
  async follow(stream: AsyncIterable<Buffer>): Promise<void> {
    try {
      for await (const chunk of stream) await this.write(chunk);
    } catch {
      // The other end broke: what came before is there.
    }
  }

  /** Resolves once nothing waits, or the disk does not take it. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    await this.#turn;
    if (this.#waiting.length > 0) await this.#pour(true);
  }

  async #pour(isLast = false): Promise<void> {
    // What comes meanwhile is for the next time.
    const chunks = [...this.#waiting];
    if (chunks.length === 0) return;
    const data = Buffer.concat(chunks);
    try {
      await this.#append(Buffer.concat([this.#gap(), data]));
    } catch (error) {
      this.#failed(error, isLast);
      return;
    }
    this.#waiting = this.#waiting.slice(chunks.length);
    this.#waitingBytes -= data.length;
    const missingBytes = this.#missingBytes;
    this.#missingBytes = 0;
    if (!this.#isInTrouble) return;
    this.#isInTrouble = false;
    const what = missingBytes === 0 ? 'nothing' : printBytes(missingBytes);
    this.#options.say(`the log ${this.path} can be written again; ${what} of it is missing`);
  }

  async #append(data: Buffer): Promise<void> {
    this.#sizeBytes ??= await this.#disk.sizeOf(this.path);
    if (this.#sizeBytes > 0 && this.#sizeBytes + data.length > this.#options.maxFileBytes)
      await this.#rotate();
    try {
      await this.#disk.append(this.path, data);
      this.#sizeBytes += data.length;
    } catch (error) {
      // A part of it may have found room.
      await this.#disk.truncate(this.path, this.#sizeBytes).catch(() => undefined);
      throw error;
    }
  }

  async #rotate(): Promise<void> {
    for (let number = this.#options.maxFiles - 1; number > 0; number -= 1) {
      const from = number === 1 ? this.path : `${this.path}.${number - 1}`;
      await this.#disk.rename(from, `${this.path}.${number}`).catch((error: unknown) => {
        if (errnoOf(error) !== 'ENOENT') throw error;
      });
    }
    if (this.#options.maxFiles === 1) await this.#disk.truncate(this.path, 0);
    this.#sizeBytes = 0;
  }

  #failed(error: unknown, isLast: boolean): void {
    if (!this.#isInTrouble) {
      this.#isInTrouble = true;
      const kept = printBytes(this.#options.maxWaitingBytes);
      const why = error instanceof Error ? error.message : String(error);
      this.#options.say(
        `the log ${this.path} cannot be written (${why}); its last ${kept} are kept in memory`,
      );
    }
    if (isLast) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#turn = this.#turn.then(() => this.#pour());
    }, this.#options.retryMs);
    this.#timer.unref();
  }

  /** Only while the disk takes nothing: otherwise who writes waits for it. */
  #dropOldest(): void {
    if (this.#timer === null) return;
    while (this.#waitingBytes > this.#options.maxWaitingBytes) {
      const size = this.#waiting.shift()?.length ?? this.#waitingBytes;
      this.#waitingBytes -= size;
      this.#missingBytes += size;
    }
  }

  #gap(): Buffer {
    if (this.#missingBytes === 0) return Buffer.alloc(0);
    return Buffer.from(`[${printBytes(this.#missingBytes)} of this log could not be kept]\n`);
  }
}

const realDisk: LogDisk = {
  async sizeOf(file) {
    try {
      return (await stat(file)).size;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return 0;
      throw error;
    }
  },
  append: (file, data) => appendFile(file, data, { mode: 0o600 }),
  truncate,
  rename,
};
