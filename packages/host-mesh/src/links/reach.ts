import { fail, ok, type ChannelAddress, type Result } from '@hostmesh/core';
import type { ConnectFault, Connection, ConnectPhase, Hello, Transport } from '@hostmesh/protocol';
import type { Clock } from '../clock/clock.ts';
import type { HostLinks } from './host-links.ts';
import { printElapsed } from './phase.ts';

/** How many connections are opened at a time: measured as good as no limit at all (design section 7.1). */
export const DEFAULT_CONCURRENCY = 1024;

/** What reaching the hosts of a mesh takes, whoever does. */
export interface ReachDeps {
  readonly transport: Transport;
  /** Where open connections are taken from, and new ones put. */
  readonly links: HostLinks;
  readonly clock: Clock;
  /** How many connections are being opened at a time. */
  readonly concurrency: number;
}

/** How patient one who reaches hosts is. */
export interface ReachOptions extends ReachDeps {
  /** After so long a dial goes on but no longer counts among those that are being opened. */
  readonly patienceMs: number;
  /** Gives up on a dial alone that takes longer, as seen when it begins; null, or absent, for none. */
  readonly dialLimitMs?: () => number | null;
}

/** A host that can be asked. */
export interface Reached {
  readonly connection: Connection;
  /** How long the dial took; null when the connection was open before. */
  readonly connectMs: number | null;
}

/** Why a host could not be reached. */
export interface ReachFault extends ConnectFault {
  /** Who answers at the address instead of the host that is meant: `HOST_REPLACED`. */
  readonly answering?: Hello;
}

/** Which host is reached, and where. */
interface Reachable {
  readonly rank: number;
  readonly address: ChannelAddress;
}
type ReachListener = (outcome: Result<Reached, ReachFault>) => void;
type PhaseListener = (phase: ConnectPhase) => void;

/**
 * The one way to reach the hosts of a mesh: over the connection that is open, or a new one, dialled when its turn has come.
 * It ends the dials that it has begun; the connections belong to the links.
 */
export class HostReach {
  readonly #options: ReachOptions;
  readonly #slots: DialSlots;
  readonly #over = new AbortController();

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#slots = new DialSlots(options.clock, options.concurrency, options.patienceMs);
  }

  /** Fires at `end`: for what is to end along with the reaching. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * Calls `done` once: at once when a connection is open, otherwise as soon as a new one is among the links, before anybody
   * can be told that it has ended. `onPhase` hears when a dial begins, and when its handshakes do. The fault is `ABORTED`
   * after `end`, a retryable `ETIMEDOUT` when the limit of the dial ended it, and `HOST_REPLACED` when another host than the
   * one that is meant answers: it is asked nothing.
   */
  reach(target: Reachable, done: ReachListener, onPhase: PhaseListener = () => undefined): void {
    const { rank } = target;
    const open = this.#options.links.get(rank);
    if (open !== undefined) return done(ok({ connection: open, connectMs: null }));
    if (this.#over.signal.aborted) return done(aborted);
    this.#slots.enter(rank, {
      start: () => void this.#dial(target, done, onPhase),
      giveUp: () => done(aborted),
    });
  }

  /** Nothing is dialled any more, and what waits for that is told so. */
  end(): void {
    this.#over.abort();
    this.#slots.close();
  }

  async #dial({ rank, address }: Reachable, done: ReachListener, onPhase: PhaseListener): Promise<void> {
    const { clock, links } = this.#options;
    const startedAt = clock.now();
    onPhase('connecting');
    const dialled = await this.#connect(address, () => onPhase('handshaking'));
    if (!dialled.ok && dialled.fault.own === true && !this.#over.signal.aborted) {
      const again = {
        start: () => void this.#dial({ rank, address }, done, onPhase),
        giveUp: () => done(aborted),
      };
      if (this.#slots.postpone(rank, again)) return;
    }
    this.#slots.leave(rank);
    if (!dialled.ok) return done(dialled);
    if (this.#over.signal.aborted) {
      dialled.value.close();
      return done(aborted);
    }
    const { hello } = dialled.value;
    const meant = links.hostId(rank);
    if (meant !== null && meant !== hello.hostId) {
      dialled.value.close();
      return done(fail(replaced(meant, hello)));
    }
    done(ok({ connection: links.keep(rank, dialled.value), connectMs: clock.now() - startedAt }));
  }

  async #connect(
    address: ChannelAddress,
    onHandshaking: () => void,
  ): Promise<Result<Connection, ConnectFault>> {
    const { transport, clock, dialLimitMs } = this.#options;
    const over = this.#over.signal;
    const limitMs = dialLimitMs?.() ?? null;
    if (limitMs === null) return transport.connect(address, { signal: over, onHandshaking });
    const limit = new AbortController();
    const cancelTimer = clock.after(limitMs, () => limit.abort());
    const signal = AbortSignal.any([over, limit.signal]);
    const outcome = await transport.connect(address, { signal, onHandshaking });
    cancelTimer();
    if (outcome.ok || outcome.fault.code !== 'ABORTED' || over.aborted) return outcome;
    const message = `no answer within ${printElapsed(limitMs)}`;
    return fail({ ...outcome.fault, code: 'ETIMEDOUT', message, retryable: true });
  }
}

const aborted = fail<ConnectFault>({
  code: 'ABORTED',
  message: 'aborted',
  phase: 'connecting',
  retryable: false,
});

/** Another host answers than the one with this id. */
function replaced(meant: string, answering: Hello): ReachFault {
  const { hostId, former } = answering;
  const why = former?.hostId === meant ? `, which is a new host because ${former.reason}` : '';
  return {
    code: 'HOST_REPLACED',
    message: `another agent answers at this address: expected ${meant}, found ${hostId}${why}`,
    phase: 'handshaking',
    retryable: false,
    answering,
  };
}

/** A dial that waits for its turn. */
interface Waiting {
  readonly start: () => void;
  /** Its turn will not come. */
  readonly giveUp: () => void;
}

/**
 * Bounds how many connections are being opened at a time, in the order asked. A dial that has not come to an end
 * after `patienceMs` goes on but no longer counts: otherwise as many hosts that swallow packets as there are slots
 * would keep all others from being dialled at all.
 */
class DialSlots {
  readonly #clock: Clock;
  #limit: number;
  readonly #patienceMs: number;
  /** By rank, when its dial began; oldest first. */
  readonly #dialling = new Map<number, number>();
  /** Dials that have ended so far, and by rank how many had when its own began. */
  #ended = 0;
  readonly #begunAfter = new Map<number, number>();
  #queue: (Waiting & { readonly rank: number })[] = [];
  #next = 0;
  #cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, limit: number, patienceMs: number) {
    this.#clock = clock;
    this.#limit = limit;
    this.#patienceMs = patienceMs;
  }

  /** Starts the dial when there is room, perhaps at once. `leave` when it has ended. */
  enter(rank: number, waiting: Waiting): void {
    this.#queue.push({ rank, ...waiting });
    this.#admit();
  }

  leave(rank: number): void {
    this.#ended += 1;
    this.#begunAfter.delete(rank);
    if (this.#dialling.delete(rank)) this.#admit();
  }

  /**
   * We ran out of something that every dial takes: the dial waits until another one has ended, and fewer go at a time
   * from now on. False when no other is under way that could give something back, or has since this one began.
   */
  postpone(rank: number, waiting: Waiting): boolean {
    const begunAfter = this.#begunAfter.get(rank) ?? this.#ended;
    this.#dialling.delete(rank);
    if (this.#dialling.size === 0 && this.#ended === begunAfter) return false;
    this.#limit = Math.max(1, Math.min(this.#limit, Math.floor(this.#dialling.size / 2)));
    this.enter(rank, waiting);
    return true;
  }

  /** Nothing is started any more. */
  close(): void {
    for (const { giveUp } of this.#takeQueue()) giveUp();
  }

  #takeQueue(): readonly Waiting[] {
    const waiting = this.#queue.slice(this.#next);
    this.#queue = [];
    this.#next = 0;
    this.#stopTimer();
    return waiting;
  }

  #admit(): void {
    while (this.#next < this.#queue.length && this.#dialling.size < this.#limit) {
      const entry = this.#queue[this.#next++];
      if (entry === undefined) break;
      this.#dialling.set(entry.rank, this.#clock.now());
      this.#begunAfter.set(entry.rank, this.#ended);
      entry.start();
    }
    if (this.#next === this.#queue.length) this.#takeQueue();
    else this.#cancelTimer ??= this.#clock.after(this.#patienceLeftMs(), () => this.#passOver());
  }

  /** Makes room for the next by no longer counting the dials that have taken too long. */
  #passOver(): void {
    this.#stopTimer();
    const before = this.#clock.now() - this.#patienceMs;
    for (const [rank, since] of this.#dialling) {
      if (since > before) break;
      this.#dialling.delete(rank);
    }
    this.#admit();
  }

  #patienceLeftMs(): number {
    const [oldest = this.#clock.now()] = this.#dialling.values();
    return Math.max(0, oldest + this.#patienceMs - this.#clock.now());
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
