import type { Clock } from '../clock/clock.ts';

interface Round {
  readonly periodMs: number;
  cancelTimer: () => void;
  running: boolean;
  /** Another round was asked for while one was running. */
  again: boolean;
}

/**
 * Does something for each host over and over, every host on a schedule of its own: one whose round takes long delays
 * no other (reference section 12.5). Rounds of one host never overlap; what starts late is not made up for.
 */
export class PerHostTimer {
  readonly #clock: Clock;
  readonly #round: (hostRank: number) => Promise<void>;
  readonly #rounds = new Map<number, Round>();

  constructor(clock: Clock, round: (hostRank: number) => Promise<void>) {
    this.#clock = clock;
    this.#round = round;
  }

  /** The first round comes after `firstMs`. Of a host that has rounds already, they are replaced. */
  start(hostRank: number, periodMs: number, firstMs: number): void {
    this.stop(hostRank);
    const round: Round = { periodMs, cancelTimer: () => undefined, running: false, again: false };
    this.#rounds.set(hostRank, round);
    this.#schedule(hostRank, round, firstMs);
  }

  /** How often a host's round comes; null for a host without rounds. */
  periodMs(hostRank: number): number | null {
    return this.#rounds.get(hostRank)?.periodMs ?? null;
  }

  /** A round now, or when the one that runs is over; nothing for a host without rounds. */
  hurry(hostRank: number): void {
    const round = this.#rounds.get(hostRank);
    if (round === undefined) return;
    if (round.running) round.again = true;
    else this.#schedule(hostRank, round, 0);
  }

  stop(hostRank: number): void {
    this.#rounds.get(hostRank)?.cancelTimer();
    this.#rounds.delete(hostRank);
  }

  close(): void {
    for (const hostRank of [...this.#rounds.keys()]) this.stop(hostRank);
  }

  #schedule(hostRank: number, round: Round, delayMs: number): void {
    round.cancelTimer();
    round.cancelTimer = this.#clock.promptly(delayMs, () => void this.#run(hostRank, round));
  }

  async #run(hostRank: number, round: Round): Promise<void> {
    const startedAt = this.#clock.now();
    round.running = true;
    round.again = false;
    await this.#round(hostRank);
    round.running = false;
    if (this.#rounds.get(hostRank) !== round) return;
    const restMs = round.again ? 0 : startedAt + round.periodMs - this.#clock.now();
    this.#schedule(hostRank, round, Math.max(0, restMs));
  }
}
