import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';

/**
 * How far a spool has been logged, on disk. Lines are announced before they are logged, and settled afterwards: an
 * agent that is killed in between has told which numbers in the log are theirs. Each write is a single one that
 * covers the one before, so that a kill leaves a whole place. Where the disk refuses one, a kill may cost lines or
 * double them.
 *
 * Four doubles: `offset`, up to which all is logged; `skip`, the lines behind it that are logged; and the first number
 * and the count of the lines after those, which are logged as far as the log's numbers reach.
 */
export class SpoolPlace {
  readonly #fd: number;
  #offset = 0;

  constructor(file: string) {
    this.#fd = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  }

  /** Where reading goes on, and how many lines from there the log has already, whose last number is `lastSeq`. */
  resume(lastSeq: number): { readonly offset: number; readonly linesLogged: number } {
    const place = new Float64Array(4);
    readSync(this.#fd, place, { position: 0 });
    const [offset = 0, skip = 0, firstSeq = 0, lines = 0] = place;
    const linesLogged = skip + Math.min(Math.max(lastSeq + 1 - firstSeq, 0), lines);
    // The numbers that were announced may soon be those of other lines.
    this.settle(offset, linesLogged);
    return { offset, linesLogged };
  }

  /** The next `lines` lines, behind `skip` ones that are logged already, get the numbers from `firstSeq` on. */
  announce(skip: number, firstSeq: number, lines: number): void {
    this.#write(this.#offset, skip, firstSeq, lines);
  }

  /** All up to `offset` is logged, and `skip` lines behind that. */
  settle(offset: number, skip: number): void {
    this.#offset = offset;
    this.#write(offset, skip, 0, 0);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #write(...place: readonly [offset: number, skip: number, firstSeq: number, lines: number]): void {
    try {
      writeSync(this.#fd, Float64Array.from(place), 0, undefined, 0);
    } catch {
      // The output itself goes on.
    }
  }
}
