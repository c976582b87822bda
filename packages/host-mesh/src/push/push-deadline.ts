import type { Clock } from '../clock/clock.ts';

/** Share of the timeout that reading what has already arrived may take before the verdict. */
const READING_SHARE = 0.03;

type DeadlineState =
  /** Hosts that still boot are waited for; the push deadline has not begun. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly endsAt: number }
  /** The time is up: nothing is sent any more, what has arrived is still read. */
  | { readonly kind: 'reading'; readonly endsAt: number }
  | { readonly kind: 'stopped'; readonly endsAt: number | null };

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly waitForHostsMs: number;
  /** How many things have happened so far; tells whether a turn of the event loop brought anything new. */
  readonly progress: () => number;
  /** Called once, unless stopped before. */
  readonly passed: () => void;
}

/**
 * The one owner of the time that a push may take (design section 7.1; reference section 14.2 has none). It is a
 * total: no trickle of answers extends it. Waiting for hosts comes before it and ends when `waitingOver` is
 * called, or after `waitForHostsMs`.
 */
export class PushDeadline {
  readonly startedAt: number;
  readonly waitUntil: number;
  readonly #options: DeadlineOptions;
  #state: DeadlineState = { kind: 'waiting' };
  #cancelTimer: () => void = () => undefined;

  constructor(options: DeadlineOptions) {
    this.#options = options;
    this.startedAt = options.clock.now();
    this.waitUntil = this.startedAt + options.waitForHostsMs;
  }

  /** Starts the time; apart from the constructor, so that the maker can create what `passed` uses in between. */
  start(): void {
    if (this.#options.waitForHostsMs === 0) this.waitingOver();
    else this.#arm(this.#options.waitForHostsMs, () => this.waitingOver());
  }

  /** No host is waited for any more. */
  waitingOver(): void {
    if (this.#state.kind !== 'waiting') return;
    const { clock, timeoutMs } = this.#options;
    const endsAt = Math.min(clock.now(), this.waitUntil) + timeoutMs;
    this.#state = { kind: 'running', endsAt };
    this.#arm(endsAt - clock.now(), () => {
      this.#state = { kind: 'reading', endsAt };
      this.#readArrived(endsAt);
    });
  }

  /** Whether something may still be sent. */
  get open(): boolean {
    return this.#state.kind === 'waiting' || this.#state.kind === 'running';
  }

  /** When the deadline is or was, by the clock; null when hosts were still waited for. */
  get endsAt(): number | null {
    return this.#state.kind === 'waiting' ? null : this.#state.endsAt;
  }

  stop(): void {
    this.#cancelTimer();
    this.#state = { kind: 'stopped', endsAt: this.endsAt };
  }

  /**
   * Our own slowness is never a host's failure: turn by turn, what the kernel has received meanwhile is read,
   * until a turn brings nothing new.
   */
  #readArrived(endsAt: number): void {
    const { clock, timeoutMs, progress, passed } = this.#options;
    const before = progress();
    clock.nextTurn(() => {
      if (this.#state.kind !== 'reading') return;
      const readingIsOver = progress() === before || clock.now() >= endsAt + timeoutMs * READING_SHARE;
      if (readingIsOver) passed();
      else this.#readArrived(endsAt);
    });
  }

  #arm(delayMs: number, callback: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(Math.max(0, delayMs), callback);
  }
}
