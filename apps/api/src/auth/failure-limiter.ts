import { isIPv6 } from 'node:net';

/** How many failures one origin of them may have in a window, and how many origins are remembered. */
export interface FailureLimits {
  readonly maxFailures: number;
  readonly windowMs: number;
  readonly maxOrigins: number;
}

const usual: FailureLimits = { maxFailures: 10, windowMs: 60_000, maxOrigins: 10_000 };
/** So much of a secret says which one is being guessed. */
const PREFIX_LENGTH = 12;

/**
 * Slows down guessing: counts failures in fixed windows, by who guesses and by the beginning of what is guessed, so that
 * neither many guesses from one address nor guesses at one secret from many get far. Whoever has the right secret is never held
 * up: that is for the caller to look at first. Takes the time in milliseconds as an argument.
 */
export class FailureLimiter {
  readonly #limits: FailureLimits;
  readonly #windows = new Map<string, { failures: number; endsAt: number }>();

  constructor(limits: FailureLimits = usual) {
    this.#limits = limits;
  }

  /** Notes that a secret was wrong; answers the milliseconds until another wrong one is looked at, 0 for at once. */
  failed(address: string, secret: string, now: number): number {
    const origins = [`from ${networkOf(address)}`, `at ${secret.slice(0, PREFIX_LENGTH)}`];
    return Math.max(...origins.map((origin) => this.#count(origin, now)));
  }

  #count(origin: string, now: number): number {
    const window = this.#windows.get(origin);
    if (window !== undefined && window.endsAt > now) {
      window.failures += 1;
      return window.failures > this.#limits.maxFailures ? window.endsAt - now : 0;
    }
    this.#windows.delete(origin);
    // The oldest window goes first: a map keeps the order of insertion.
    const oldest = this.#windows.keys().next();
    if (this.#windows.size >= this.#limits.maxOrigins && !oldest.done) this.#windows.delete(oldest.value);
    this.#windows.set(origin, { failures: 1, endsAt: now + this.#limits.windowMs });
    return 0;
  }
}

/** Addresses that one machine has as many of as it likes count as one: a /64 of IPv6, and all that are this machine's own. */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
  if (mapped === '::1' || mapped.startsWith('127.')) return 'loopback';
  if (!isIPv6(mapped)) return mapped;
  const [head = '', tail] = (mapped.split('%')[0] ?? '').toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const all =
    tail === undefined
      ? groups
      : [...groups, ...Array<string>(8 - groups.length - after.length).fill('0'), ...after];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
