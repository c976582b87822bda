import type { OutputEntry } from '@hostmesh/protocol';

/** An entry with the length of its JSON. */
export interface RingEntry {
  readonly entry: OutputEntry;
  readonly bytes: number;
}

/** The last entries of a log, as many as fit; those who follow are served from here. */
export class LogRing {
  readonly #maxBytes: number;
  #entries: RingEntry[] = [];
  /** Entries before this index are dropped already: removing them one by one would copy the rest each time. */
  #start = 0;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The oldest entry that is there; null when none is. */
  get firstSeq(): number | null {
    return this.#entries[this.#start]?.entry.seq ?? null;
  }

  push(added: RingEntry): void {
    this.#entries.push(added);
    this.#bytes += added.bytes;
    while (this.#bytes > this.#maxBytes && this.#start < this.#entries.length - 1) {
      this.#bytes -= this.#entries[this.#start]?.bytes ?? 0;
      this.#start += 1;
    }
    if (this.#start > 1000 || this.#start > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#start);
      this.#start = 0;
    }
  }

  /** Entries after `after`, oldest first, up to `maxBytes` and at least one. */
  read(after: number, maxBytes: number): OutputEntry[] {
    const firstSeq = this.firstSeq;
    if (firstSeq === null) return [];
    const found: OutputEntry[] = [];
    let bytes = 0;
    for (let at = this.#start + Math.max(0, after + 1 - firstSeq); at < this.#entries.length; at += 1) {
      const next = this.#entries[at];
      if (next === undefined || (found.length > 0 && bytes + next.bytes > maxBytes)) break;
      found.push(next.entry);
      bytes += next.bytes;
    }
    return found;
  }

  clear(): void {
    this.#entries = [];
    this.#start = 0;
    this.#bytes = 0;
  }
}
