import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

const PLACE_DOUBLES = 5;
/** More of a line is logged, ended or not. */
const MAX_BEGUN_BYTES = 64 * 1024;

/**
 * How far a spool has been logged, on disk. Lines are announced before they are logged, and settled afterwards: an
 * agent that is killed in between has told which numbers in the log are theirs. Each write is a single one that
 * covers the one before, so that a kill leaves a whole place. Where the disk refuses one, a kill may cost lines or
 * double them.
 *
 * Five doubles: `offset`, up to which all is logged; `skip`, the lines behind it that are logged; the first number
 * and the count of the lines after those, which are logged as far as the log's numbers reach; and how many bytes follow:
 * the beginning of a line that has not ended, which the spool no longer has since it was emptied.
 */
export class SpoolPlace {
  readonly #fd: number;
  #offset = 0;
  #begun: Buffer = Buffer.alloc(0);

  constructor(file: string) {
    this.#fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /** Where reading goes on, after what, and how many lines from there the log has already, whose last number is `lastSeq`. */
  resume(lastSeq: number): SpoolStart {
    const place = new Float64Array(PLACE_DOUBLES);
    readSync(this.#fd, place, { position: 0 });
    const [offset = 0, skip = 0, firstSeq = 0, lines = 0, begunBytes = 0] = place;
    const { buffer } = Buffer.alloc(Math.min(begunBytes, MAX_BEGUN_BYTES));
    const begun = Buffer.from(
      buffer,
      0,
      readSync(this.#fd, new Uint8Array(buffer), { position: place.byteLength }),
    );
    const linesLogged = skip + Math.min(Math.max(lastSeq + 1 - firstSeq, 0), lines);
    // The numbers that were announced may soon be those of other lines.
    this.settle(offset, linesLogged, begun);
    return { offset, linesLogged, begun };
  }

  /** The next `lines` lines, behind `skip` ones that are logged already, get the numbers from `firstSeq` on. */
  announce(skip: number, firstSeq: number, lines: number): void {
    this.#write(this.#offset, skip, firstSeq, lines);
  }

  /** All up to `offset` is logged, and `skip` lines behind that, the first of which begins with `begun`. */
  settle(offset: number, skip: number, begun: Buffer): void {
    this.#offset = offset;
    this.#begun = begun;
    this.#write(offset, skip, 0, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(...place: readonly [offset: number, skip: number, firstSeq: number, lines: number]): void {
    const doubles = Float64Array.of(...place, this.#begun.length);
    try {
      writeSync(this.#fd, Buffer.concat([new Uint8Array(doubles.buffer), this.#begun]), 0, undefined, 0);
    } catch {
      // The output itself goes on.
    }
  }
}

/** Where reading of a spool goes on. */
export interface SpoolStart {
  readonly offset: number;
  readonly linesLogged: number;
  readonly begun: Buffer;
}
