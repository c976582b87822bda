import type { ApiEvent } from '@hostmesh/contract';

export interface ChangeFeedOptions<Row> {
  readonly publish: (event: ApiEvent) => void;
  /** The event that tells of some hosts. */
  readonly hostsChanged: (rows: readonly Row[]) => ApiEvent;
  /** The event that tells of the whole, as of now. */
  readonly wholeChanged: () => ApiEvent;
  /** At most one round of events in this time. */
  readonly intervalMs?: number;
}

/** Rows per event: keeps one frame to some hundred kilobytes. */
const HOSTS_PER_EVENT = 500;

/** Tells of hosts that change, at most four times a second whatever their number: each time the latest of each. */
export class ChangeFeed<Row extends { readonly rank: number }> {
  readonly #options: Required<ChangeFeedOptions<Row>>;
  #changed = new Map<number, Row>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ChangeFeedOptions<Row>) {
    this.#options = { intervalMs: 250, ...options };
  }

  add(rows: readonly Row[]): void {
    for (const row of rows) this.#changed.set(row.rank, row);
    this.#timer ??= setTimeout(() => this.flush(), this.#options.intervalMs);
  }

  /** Tells now what there is to tell, the whole included. */
  flush(): void {
    this.stop();
    const { publish, hostsChanged, wholeChanged } = this.#options;
    const rows = [...this.#changed.values()];
    this.#changed = new Map();
    for (let start = 0; start < rows.length; start += HOSTS_PER_EVENT) {
      publish(hostsChanged(rows.slice(start, start + HOSTS_PER_EVENT)));
    }
    publish(wholeChanged());
  }

  /** Ends the waiting; what was not told stays untold until the next change. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
