import type { ApiEvent } from '@hostmesh/contract';

export interface ChangeFeedOptions<Row> {
  readonly publish: (event: ApiEvent) => void;
  /** The event that tells of some rows. */
  readonly rowsChanged: (rows: readonly Row[]) => ApiEvent;
  /** The event that tells of the whole, as of now. */
  readonly wholeChanged: () => ApiEvent;
  /** At most one round of events in this time. */
  readonly intervalMs?: number;
}

/** Rows per event: keeps one frame to some hundred kilobytes. */
const ROWS_PER_EVENT = 500;

/** What happens together is told together; a single change waits no longer than this. */
const GATHER_MS = 20;

/**
 * Tells of rows that change, at most four times a second whatever their number: each time the latest of each. After a
 * quiet time a change goes out at once.
 */
export class ChangeFeed<Row extends { readonly rank: number }> {
  readonly #options: Required<ChangeFeedOptions<Row>>;
  #changed = new Map<number, Row>();
  #timer: NodeJS.Timeout | null = null;
  #toldAt = 0;

  constructor(options: ChangeFeedOptions<Row>) {
    this.#options = { intervalMs: 250, ...options };
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) this.#changed.set(row.rank, row);
    const sinceMs = performance.now() - this.#toldAt;
    this.#timer ??= setTimeout(() => this.flush(), Math.max(GATHER_MS, this.#options.intervalMs - sinceMs));
  }

  /** Tells now what there is to tell, the whole included. */
  flush(): void {
    this.stop();
    this.#toldAt = performance.now();
    const { publish, rowsChanged, wholeChanged } = this.#options;
    const rows = [...this.#changed.values()];
    this.#changed = new Map();
    for (let start = 0; start < rows.length; start += ROWS_PER_EVENT) {
      publish(rowsChanged(rows.slice(start, start + ROWS_PER_EVENT)));
    }
    publish(wholeChanged());
  }

  /** Ends the waiting; what was not told stays untold until the next change. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
