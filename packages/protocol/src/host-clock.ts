import type { HostTime } from './message/common.ts';

/** How far another clock is ahead of ours, and how wrong that may be. */
export interface ClockOffset {
  readonly offsetMs: number;
  readonly errorMs: number;
}

/** Measured at `at`, in milliseconds that never go back. */
interface Measured extends ClockOffset {
  readonly at: number;
}

/** Clocks that nobody sets part by less than this share of the time (reference clocks of computers: 50 ppm). */
const DRIFT = 200 / 1_000_000;

/** What their clock showed somewhere within a round trip of `tookMs` that ended at `ourMs` by our clock. */
export const offsetFrom = (theirMs: number, tookMs: number, ourMs: number): ClockOffset => ({
  offsetMs: theirMs + tookMs / 2 - ourMs,
  errorMs: tookMs / 2,
});

/**
 * What is known after another measurement: the surer of the two, since a slow round trip tells little. One that the other
 * rules out shows that a clock was set: then the later one.
 */
export function refined(known: Measured | null, next: Measured): Measured {
  if (known === null) return next;
  const errorMs = known.errorMs + (next.at - known.at) * DRIFT;
  const isSet = Math.abs(next.offsetMs - known.offsetMs) > errorMs + next.errorMs;
  return isSet || next.errorMs <= errorMs ? next : { offsetMs: known.offsetMs, errorMs, at: next.at };
}

/** An offset that is not more than its own error is none. */
const certain = (known: Measured | null): number =>
  known === null || Math.abs(known.offsetMs) <= known.errorMs ? 0 : known.offsetMs;

/** How the clocks of a host stand against ours, as far as what it says on a connection tells. */
export class HostClock {
  #agent: Measured | null = null;
  #host: Measured | null = null;

  /** The host said this in answer to something that was sent `tookMs` ago. */
  heard({ agentMs, hostMs }: HostTime, tookMs: number): void {
    const at = performance.now();
    const measured = (theirMs: number) => ({ ...offsetFrom(theirMs, tookMs, Date.now()), at });
    this.#agent = refined(this.#agent, measured(agentMs));
    this.#host = refined(this.#host, measured(hostMs));
  }

  /** Of the host's own clock; null before it was heard. */
  get offset(): ClockOffset | null {
    return this.#host;
  }

  /** The same moment by our clock, of one that the agent reports. */
  readonly ours = (theirMs: number): number => {
    const offsetMs = certain(this.#agent);
    return offsetMs === 0 ? theirMs : Math.max(0, Math.round(theirMs - offsetMs));
  };
}
