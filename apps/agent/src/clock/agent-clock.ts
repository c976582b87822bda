import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The clocks of an agent, in milliseconds. */
export interface AgentClock {
  /** Since 1970, of everything that the agent reports: goes on steadily, whatever happens to the host's clock. */
  nowMs(): number;
  /** Since 1970, by the host's clock, which somebody may set at any time. */
  hostNowMs(): number;
  /** Of a clock that nobody sets; only differences mean something. */
  monotonicMs(): number;
}

/**
 * The clocks of an agent that starts now. Its own is that of the agent before it, so that it tells what that one has noted
 * in one time with what it notes itself; the first since the machine has started begins at what the host's clock shows.
 */
export function agentClock(dataDir: string, hostNowMs: () => number = Date.now): AgentClock {
  const monotonicMs = () => Number(process.hrtime.bigint()) / 1e6;
  const originMs = keptOrigin(dataDir, () => hostNowMs() - monotonicMs());
  return { monotonicMs, hostNowMs, nowMs: () => Math.round(originMs + monotonicMs()) };
}

/** What is added to the machine's monotonic clock: as written down with the name of its present run, or else anew. */
function keptOrigin(dataDir: string, begin: () => number): number {
  const file = join(dataDir, 'clock');
  const bootId = read('/proc/sys/kernel/random/boot_id');
  const [savedId = '', savedMs = ''] = read(file).split(' ');
  if (bootId !== '' && savedId === bootId && Number(savedMs) > 0) return Number(savedMs);
  const originMs = begin();
  try {
    writeFileSync(file, `${bootId} ${originMs}`, { mode: 0o600 });
  } catch {
    // The next agent begins anew: what this one has noted will be as far off as the host's clock is set meanwhile.
  }
  return originMs;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * A host's clock that is wrong by so many milliseconds as the file says, now and whenever it is looked at: for tests and
 * demonstrations, where nobody wants to set the clock of a machine.
 */
export const offsetClock = (file: string) => (): number => Date.now() + Number(readFileSync(file, 'utf8'));

/** Until a time that an agent has noted: never more than the whole wait, for the one before may have had another clock. */
export const timeLeftMs = (untilMs: number, nowMs: number, wholeMs: number): number =>
  Math.min(Math.max(0, untilMs - nowMs), wholeMs);
