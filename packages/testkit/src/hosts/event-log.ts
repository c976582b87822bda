import type { AgentChange, AgentEvent } from '@hostmesh/protocol';

/** Events of each host that a client may have missed: enough for a short break, and bounded. */
const KEPT_EVENTS = 100;

/** The last events of one incarnation of a host. */
export class EventLog {
  #events: AgentEvent[] = [];
  #seq = 0;

  /** Number of the last event. */
  get seq(): number {
    return this.#seq;
  }

  append(change: AgentChange): AgentEvent {
    this.#seq += 1;
    const event: AgentEvent = { type: 'event', seq: this.#seq, at: Date.now(), change };
    this.#events.push(event);
    // Now and then, so that not every event copies the others.
    if (this.#events.length >= 2 * KEPT_EVENTS) this.#events = this.#events.slice(-KEPT_EVENTS);
    return event;
  }

  /** Those that followed the event `seq`; null when they are not all there any more, or never were. */
  after(seq: number): AgentEvent[] | null {
    if (seq > this.#seq || this.#seq - seq > this.#events.length) return null;
    return this.#events.slice(this.#events.length - (this.#seq - seq));
  }
}
