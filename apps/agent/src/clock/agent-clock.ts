import { readFileSync } from 'node:fs';

/** The clocks of an agent, in milliseconds. */
export interface AgentClock {
  /** Since 1970, of everything that the agent reports: goes on steadily, whatever happens to the host's clock. */
  nowMs(): number;
  /** Since 1970, by the host's clock, which somebody may set at any time. */
  hostNowMs(): number;
  /** Of a clock that nobody sets; only differences mean something. */
  monotonicMs(): number;
}

/** The clocks of an agent that starts now, whose own begins at what the host's shows. */
export function agentClock(hostNowMs: () => number = Date.now): AgentClock {
  const monotonicMs = () => performance.now();
  const startedAtMs = hostNowMs() - monotonicMs();
  return { monotonicMs, hostNowMs, nowMs: () => Math.round(startedAtMs + monotonicMs()) };
}

/**
 * A host's clock that is wrong by so many milliseconds as the file says, now and whenever it is looked at: for tests and
 * demonstrations, where nobody wants to set the clock of a machine.
 */
export const offsetClock = (file: string) => (): number => Date.now() + Number(readFileSync(file, 'utf8'));

/** Until a time that an agent has noted: never more than the whole wait, for the one before may have had another clock. */
export const timeLeftMs = (untilMs: number, nowMs: number, wholeMs: number): number =>
  Math.min(Math.max(0, untilMs - nowMs), wholeMs);
