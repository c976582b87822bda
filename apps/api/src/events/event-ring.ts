import type { ApiEvent } from '@hostmesh/contract';

/** An event with its place in the order in which this process published. */
export interface Published {
  readonly seq: number;
  readonly event: ApiEvent;
  /** One row weighs one: what bounds the memory that the ring holds. */
  readonly weight: number;
}

/** The last events of this process, bounded by their weight, so that a client that reconnects can catch up. */
export class EventRing {
  readonly #maxWeight: number;
  #events: Published[] = [];
  #weight = 0;
  #seq = 0;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  /** Sequence number of the last event; 0 before the first. */
  get lastSeq(): number {
    return this.#seq;
  }

  push(event: ApiEvent): Published {
    const published = { seq: ++this.#seq, event, weight: weightOf(event) };
    this.#events.push(published);
    this.#weight += published.weight;
    if (this.#weight > this.#maxWeight) this.#shrink();
    return published;
  }

  /** Everything after `seq`, or `undefined` when some of that is gone or has never been. */
  after(seq: number): readonly Published[] | undefined {
    if (seq > this.#seq) return undefined;
    const first = this.#events[0]?.seq ?? this.#seq + 1;
    return seq + 1 < first ? undefined : this.#events.slice(seq + 1 - first);
  }

  /** To three quarters at once: dropping one event per event would copy the array each time. */
  #shrink(): void {
    let drop = 0;
    while (drop < this.#events.length && this.#weight > this.#maxWeight * 0.75) {
      this.#weight -= this.#events[drop]?.weight ?? 0;
      drop += 1;
    }
    this.#events = this.#events.slice(drop);
  }
}

function weightOf(event: ApiEvent): number {
  if ('hosts' in event) return 1 + event.hosts.length;
  return 'procs' in event ? 1 + event.procs.length : 1;
}
