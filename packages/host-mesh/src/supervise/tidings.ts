import type { Clock } from '../clock/clock.ts';
import type { ProcListeners, ProcObservation, ProcTransition } from '../proc/proc-observation.ts';

/** Hands transitions over in batches, in order and none left out: at most once per turn of the event loop. */
export class Tidings {
  readonly #clock: Clock;
  readonly #listeners: ProcListeners;
  readonly #procNow: (rank: number) => ProcObservation;
  #transitions: ProcTransition[] = [];

  constructor(clock: Clock, listeners: ProcListeners, procNow: (rank: number) => ProcObservation) {
    this.#clock = clock;
    this.#listeners = listeners;
    this.#procNow = procNow;
  }

  add(transition: ProcTransition): void {
    if (this.#transitions.length === 0) this.#clock.nextTurn(() => this.flush());
    this.#transitions.push(transition);
  }

  /** Hands over now what has been collected. */
  flush(): void {
    if (this.#transitions.length === 0) return;
    const transitions = this.#transitions;
    this.#transitions = [];
    this.#listeners.onTransitions?.(transitions);
    if (this.#listeners.onChange === undefined) return;
    const ranks = new Set(transitions.map(({ rank }) => rank));
    this.#listeners.onChange([...ranks].map(this.#procNow));
  }
}
