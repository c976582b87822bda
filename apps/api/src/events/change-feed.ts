import type { ApiEvent } from '@hostmesh/contract';

export interface ChangeFeedOptions<Host> {
  readonly publish: (event: ApiEvent) => void;
  /** The event that tells of some hosts. */
  readonly hostsChanged: (hosts: Host[]) => ApiEvent;
  /** The event that tells of the whole, as of now. */
  readonly wholeChanged: () => ApiEvent;
  /** At most one round of events in this time. */
  readonly intervalMs?: number;
}

/** Rows per event: keeps one frame to some hundred kilobytes. */
const HOSTS_PER_EVENT = 500;

/** Tells of hosts that change, at most four times a second whatever their number: each time the latest of each. */
export class ChangeFeed<Host extends { readonly rank: number }> {
  readonly #options: Required<ChangeFeedOptions<Host>>;
  #changed = new Map<number, Host>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ChangeFeedOptions<Host>) {
    this.#options = { intervalMs: 250, ...options };
  }

  add(hosts: readonly Host[]): void {
    for (const host of hosts) this.#changed.set(host.rank, host);
    this.#timer ??= setTimeout(() => this.flush(), this.#options.intervalMs);
  }

  /** Tells now what there is to tell, the whole included. */
  flush(): void {
    this.stop();
    const { publish, hostsChanged, wholeChanged } = this.#options;
    const hosts = [...this.#changed.values()];
    this.#changed = new Map();
    for (let start = 0; start < hosts.length; start += HOSTS_PER_EVENT) {
      publish(hostsChanged(hosts.slice(start, start + HOSTS_PER_EVENT)));
    }
    publish(wholeChanged());
  }

  /** Ends the waiting; what was not told stays untold until the next change. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
