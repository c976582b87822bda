import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { LineSplitter, type OutputLine } from './line-splitter.ts';
import { PendingLine } from './pending-line.ts';
import type { ProcLog, OutputStream } from './proc-log.ts';
import { SpoolPlace } from './spool-place.ts';

const LOOK_EVERY_MS = 100;
const CHUNK_BYTES = 64 * 1024;
/** A spool that was read to its end is emptied once it is that large. */
const EMPTY_AT_BYTES = 1024 * 1024;
/** Of what a proc wrote while no agent was there, only the last is taken over. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

export const spoolFile = (dir: string, stream: OutputStream): string => join(dir, `spool.${stream}`);

/**
 * Follows the file that a kept proc writes to: a pipe would break with its agent. The process appends, so that the
 * agent can empty the file under it; what it writes between the last look and that is lost, a few microseconds of it. While no
 * agent is there the file grows without a bound. Whenever its agent is killed, the next one logs each line once.
 */
export class Spool {
  readonly #fd: number;
  readonly #place: SpoolPlace;
  readonly #stream: OutputStream;
  readonly #log: ProcLog;
  readonly #splitter = new LineSplitter();
  readonly #openLine: PendingLine;
  readonly #ended = new AbortController();
  readonly #done: Promise<void>;
  #offset: number;
  /** So many lines from there are in the log. */
  #linesToSkip: number;
  #isAbandoned = false;

  /** At the place where an earlier agent has stopped reading; null when there is no file. Throws what the disk has against it. */
  static open(dir: string, stream: OutputStream, log: ProcLog): Spool | null {
    const file = spoolFile(dir, stream);
    if (!existsSync(file)) return null;
    const fd = openSync(file, 'r+');
    try {
      return new Spool(fd, new SpoolPlace(`${file}.place`), stream, log);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  private constructor(fd: number, place: SpoolPlace, stream: OutputStream, log: ProcLog) {
    this.#fd = fd;
    this.#place = place;
    this.#stream = stream;
    this.#log = log;
    this.#openLine = new PendingLine(this.#splitter, (text) => log.show(stream, text, log.nowMs()));
    const { size } = fstatSync(this.#fd);
    const { offset, linesLogged, begun } = this.#place.resume(log.lastSeq);
    this.#offset = offset > size ? 0 : Math.max(offset, size - MAX_BACKLOG_BYTES);
    this.#linesToSkip = this.#offset === offset ? linesLogged : 0;
    this.#done = this.#follow(this.#offset === offset ? begun : Buffer.alloc(0));
  }

  /** Reads what is left, then lets go of the file. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#done;
  }

  /** Lets go of the file as it is: the next agent reads on. Nothing more is logged once this resolves. */
  async abandon(): Promise<void> {
    this.#isAbandoned = true;
    this.#ended.abort();
    await this.#done;
  }

  async #follow(begun: Buffer): Promise<void> {
    // Whoever has opened it may still want to watch the log.
    await setImmediate();
    this.#take(begun);
    while (!this.#ended.signal.aborted) {
      await this.#readOn();
      await setTimeout(LOOK_EVERY_MS, undefined, { signal: this.#ended.signal, ref: false }).catch(() => {});
    }
    if (!this.#isAbandoned) await this.#readOn();
    if (!this.#isAbandoned) await this.#add(this.#splitter.end());
    this.#openLine.stop();
    closeSync(this.#fd);
    this.#place.close();
  }

  async #readOn(): Promise<void> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    // Only what is there now: who goes on writing would never let us come to an end.
    const endBytes = fstatSync(this.#fd).size;
    if (endBytes < this.#offset) await this.#startOver();
    while (this.#offset < endBytes && !this.#isAbandoned) {
      const size = readSync(this.#fd, chunk, 0, CHUNK_BYTES, this.#offset);
      if (size === 0) break;
      const lines = this.#take(chunk.subarray(0, size));
      this.#offset += size;
      await this.#add(lines);
    }
    if (this.#isAbandoned || this.#offset < EMPTY_AT_BYTES || fstatSync(this.#fd).size > this.#offset) return;
    ftruncateSync(this.#fd, 0);
    this.#offset = 0;
    this.#settle();
  }

  #take(bytes: Buffer): OutputLine[] {
    this.#log.hear(this.#stream, bytes);
    return this.#splitter.push(bytes);
  }

  /** The process has emptied the file itself: a shell does so with `> /dev/stdout`. */
  async #startOver(): Promise<void> {
    this.#offset = 0;
    this.#linesToSkip = 0;
    await this.#add(this.#splitter.end());
  }

  /** All lines up to the offset, but for what the splitter holds back: a restarted agent reads that anew. */
  async #add(lines: readonly OutputLine[]): Promise<void> {
    const skipped = Math.min(this.#linesToSkip, lines.length);
    this.#linesToSkip -= skipped;
    const added = lines.slice(skipped);
    this.#place.announce(skipped, this.#log.lastSeq + 1, added.length);
    void this.#log.add(this.#stream, added, this.#log.nowMs());
    this.#openLine.changed(lines.length > 0);
    await this.#log.written();
    this.#settle();
  }

  #settle(): void {
    const { pending } = this.#splitter;
    const begun = pending.subarray(0, Math.max(0, pending.length - this.#offset));
    this.#place.settle(Math.max(0, this.#offset - pending.length), this.#linesToSkip, begun);
  }
}
