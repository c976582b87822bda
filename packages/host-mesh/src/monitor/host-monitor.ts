import {
  encodeRequest,
  type Closed,
  type Connection,
  type EncodedRequest,
  type InstalledConfig,
  type Lifecycle,
} from '@hostmesh/protocol';
import { backoffMs } from '../clock/backoff.ts';
import { TurnBatch } from '../clock/turn-batch.ts';
import { printElapsed } from '../links/phase.ts';
import { HostReach, type ReachDeps, type ReachFault } from '../links/reach.ts';
import type { HostTarget } from '../ref/host-ref.ts';
import { observationOf, sameButForTime, type HostObservation } from './host-observation.ts';
import { HostStream } from './host-stream.ts';
import { stepHostWatch, type ExpectedConfig, type HostWatch, type HostWatchEvent } from './host-watch.ts';
import type { ProcFeed } from './proc-feed.ts';

export interface MonitorOptions {
  /** How often a host that says nothing is asked whether it is there; 10 s when absent. */
  readonly intervalMs?: number;
  /** How long an answer, or a dial, may take before the host counts as unreachable; 5 s when absent. */
  readonly timeoutMs?: number;
  /**
   * Called at most once per turn of the event loop with what more than `lastHeardAt` has changed of hosts: every change, in order.
   */
  readonly onChange?: (changes: readonly HostObservation[]) => void;
}

export interface MonitorDeps extends ReachDeps {
  /** What is heard of procs goes there, and so does what to resume from. */
  readonly feed: ProcFeed;
  readonly random: () => number;
  /** Called once, when it has been closed. */
  readonly onClosed?: () => void;
}

/** How a host is listened to. */
type Line =
  | { readonly kind: 'down'; readonly dials: number; readonly dialAt: number }
  | { readonly kind: 'dialling'; readonly dials: number }
  | {
      readonly kind: 'up';
      readonly connection: Connection;
      readonly since: number;
      readonly dials: number;
      readonly stream: HostStream;
      /** Since when the answer to a keepalive is due; null when none is. */
      readonly askedAt: number | null;
      /** When to ask next. */
      readonly askAt: number;
    };
type Up = Extract<Line, { kind: 'up' }>;

interface WatchedHost extends HostTarget {
  watch: HostWatch;
  line: Line;
  told: HostObservation;
}

const redialBackoff = { firstMs: 250, maxMs: 10_000 };
/** A connection that ended sooner counts as a dial that failed: the next one comes later. */
const STEADY_MS = 1_000;

/**
 * Watches the hosts of a mesh: keeps or reopens their connections, streams their changes, and asks those that say
 * nothing whether they are there. One timer serves all hosts. Close it; connections stay with their owner.
 */
export class HostMonitor {
  readonly #deps: MonitorDeps;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #hosts: readonly WatchedHost[];
  readonly #reach: HostReach;
  readonly #changes: TurnBatch<HostObservation>;
  /** The same each time: at most one is under way on a connection. */
  readonly #keepalive: EncodedRequest<'keepalive'>;
  #expected: ExpectedConfig;
  #cancelTimer: () => void = () => undefined;

  constructor(
    targets: readonly HostTarget[],
    expected: ExpectedConfig,
    deps: MonitorDeps,
    { intervalMs = 10_000, timeoutMs = 5_000, onChange = () => undefined }: MonitorOptions = {},
  ) {
    const { clock, links } = deps;
    this.#deps = deps;
    this.#expected = expected;
    this.#intervalMs = intervalMs;
    this.#timeoutMs = timeoutMs;
    this.#reach = new HostReach({ ...deps, patienceMs: timeoutMs / 5, dialLimitMs: () => timeoutMs });
    this.#keepalive = encodeRequest({ type: 'keepalive', id: links.nextRequestId('keepalive') });
    this.#changes = new TurnBatch(clock, (changes) => {
      if (!this.#reach.over.aborted) onChange(changes);
    });
    this.#hosts = targets.map((target) => {
      const watch: HostWatch = { kind: 'connecting', since: clock.wallNow() };
      const line: Line = { kind: 'down', dials: 0, dialAt: clock.now() };
      return { ...target, watch, line, told: this.#observe({ ...target, watch, line }) };
    });
    links.watch((rank, closed) => {
      const host = this.#hosts[rank];
      if (host?.line.kind === 'up') this.#hungUp(host, host.line, closed);
    });
    this.#tick();
  }

  /** Every host as of now, in rank order. */
  hosts(): readonly HostObservation[] {
    return this.#hosts.map((host) => this.#observe(host));
  }

  /** From now on these are the configs that a healthy host may hold. */
  expect(digests: readonly string[]): void {
    this.#expected = { ...this.#expected, digests };
    for (const host of this.#hosts) this.#apply(host, { kind: 'expectation_changed' });
  }

  /** Every host has just acknowledged the config that is its own here, which spares waiting until it is heard of again. */
  acknowledged(configOf: (rank: number) => InstalledConfig): void {
    for (const host of this.#hosts) {
      const config = configOf(host.rank);
      const heardOfNewer = 'heard' in host.watch && (host.watch.heard?.config.epoch ?? 0) > config.epoch;
      if (!heardOfNewer) this.#apply(host, { kind: 'changed', config });
    }
  }

  /** The host that a rank was is gone for good: whoever answers next at its address is the host from now on. */
  giveUp(rank: number, reason: string): void {
    const host = this.#hosts[rank];
    if (host === undefined) throw new RangeError(`no such rank: ${rank}`);
    const { links, feed, clock } = this.#deps;
    if (host.line.kind === 'up') host.line.stream.close();
    links.giveUpHost(rank);
    feed.givenUp(rank, reason);
    this.#apply(host, { kind: 'given_up' });
    if (host.line.kind !== 'dialling') host.line = { kind: 'down', dials: 0, dialAt: clock.now() };
  }

  /** Ends the watching: nothing is told any more. */
  close(): void {
    if (this.#reach.over.aborted) return;
    this.#reach.end();
    this.#cancelTimer();
    this.#deps.links.watch(() => undefined);
    for (const { line } of this.#hosts) if (line.kind === 'up') line.stream.close();
    this.#deps.onClosed?.();
  }

  #tick(): void {
    const { clock } = this.#deps;
    for (const host of this.#hosts) this.#attend(host, clock.now());
    const tickMs = Math.max(10, Math.min(1_000, this.#intervalMs / 4, this.#timeoutMs / 4));
    this.#cancelTimer = clock.after(tickMs, () => this.#tick());
  }

  #attend(host: WatchedHost, now: number): void {
    const { line } = host;
    if (line.kind === 'down' && now >= line.dialAt) this.#reachHost(host, line.dials + 1);
    if (line.kind !== 'up') return;
    const dueSince = Math.min(line.askedAt ?? now, line.stream.askedAt ?? now);
    if (now - dueSince >= this.#timeoutMs) {
      this.#giveUp(host, line, `no answer for ${printElapsed(this.#timeoutMs)}`);
    } else if (line.askedAt === null && line.stream.askedAt === null && now >= line.askAt) {
      this.#ask(host, line);
    }
  }

  #reachHost(host: WatchedHost, dials: number): void {
    host.line = { kind: 'dialling', dials };
    this.#reach.reach(host, (outcome) => {
      if (this.#reach.over.aborted) return;
      if (outcome.ok) this.#listen(host, outcome.value.connection, dials);
      else this.#lost(host, dials, whyMissed(outcome.fault));
    });
  }

  #listen(host: WatchedHost, connection: Connection, dials: number): void {
    const { links, feed, clock } = this.#deps;
    const deps = { links, feed, now: () => clock.now(), signal: this.#reach.over };
    const stream = new HostStream(host.rank, connection, deps, {
      told: (state) => this.#heard(host, connection, state),
      changed: (part) => this.#apply(host, { kind: 'changed', ...part }),
      refused: (reason) => this.#useless(host, connection, reason),
    });
    const since = clock.now();
    host.line = { kind: 'up', connection, stream, since, dials, askedAt: null, askAt: since };
  }

  #ask(host: WatchedHost, line: Up): void {
    host.line = { ...line, askedAt: this.#deps.clock.now() };
    const { connection } = line;
    const answer = connection.request(this.#keepalive, this.#reach.over);
    void answer.then((outcome) => {
      if (outcome.ok) this.#heard(host, connection, outcome.value);
      // The links tell when a connection ends, and being aborted is our own doing.
      else if (outcome.fault.kind === 'refused')
        this.#useless(host, connection, `refused: ${outcome.fault.message}`);
    });
  }

  /** The host said over this connection what its state is. */
  #heard(
    host: WatchedHost,
    connection: Connection,
    { lifecycle, config }: { readonly lifecycle: Lifecycle; readonly config: InstalledConfig },
  ): void {
    const { line } = host;
    if (line.kind !== 'up' || line.connection !== connection) return;
    const { clock, random } = this.#deps;
    // Spread, so that hosts attached together are not asked together for ever.
    host.line = { ...line, askedAt: null, askAt: clock.now() + this.#intervalMs * (1 - random() / 2) };
    this.#apply(host, { kind: 'heard', hello: connection.hello, lifecycle, config });
  }

  #useless(host: WatchedHost, connection: Connection, reason: string): void {
    const { line } = host;
    if (line.kind === 'up' && line.connection === connection) this.#giveUp(host, line, reason);
  }

  /** The connection has ended. A host that was well is dialled at once, and only missed when that fails. */
  #hungUp(host: WatchedHost, line: Up, { code, message }: Closed): void {
    line.stream.close();
    if (this.#wasSteady(line)) this.#reachHost(host, 1);
    else this.#lost(host, line.dials, missed(`${message} (${code})`));
  }

  /** Drops a connection that is open but of no use, since the host does not answer on it. */
  #giveUp(host: WatchedHost, line: Up, reason: string): void {
    line.stream.close();
    this.#deps.links.drop(host.rank);
    this.#lost(host, this.#wasSteady(line) ? 1 : line.dials, missed(reason));
  }

  #wasSteady({ since }: Up): boolean {
    return this.#deps.clock.now() - since >= STEADY_MS;
  }

  #lost(host: WatchedHost, dials: number, event: Lost): void {
    const { clock, random } = this.#deps;
    host.line = { kind: 'down', dials, dialAt: clock.now() + backoffMs(redialBackoff, dials, random()) };
    this.#apply(host, event);
    const why = event.kind === 'replaced' ? event.kind : 'silent';
    this.#deps.feed.missed(host.rank, { lastHeardAt: this.#observe(host).lastHeardAt, why });
  }

  #apply(host: WatchedHost, event: HostWatchEvent): void {
    host.watch = stepHostWatch(host.watch, event, this.#deps.clock.wallNow(), this.#expected);
    const observation = this.#observe(host);
    if (!sameButForTime(host.told, observation)) this.#changes.add((host.told = observation));
  }

  #observe({ rank, text, watch, line }: Omit<WatchedHost, 'told'>): HostObservation {
    const clockOffset = line.kind === 'up' ? line.connection.clockOffset : null;
    return observationOf({ rank, address: text, hostId: this.#deps.links.hostId(rank), clockOffset }, watch);
  }
}

type Lost = Extract<HostWatchEvent, { kind: 'missed' | 'replaced' | 'unasked' }>;

const missed = (reason: string): Lost => ({ kind: 'missed', reason });

/** `own`: we could not ask, for which the host is not to blame. */
function whyMissed({ answering, code, message, own }: ReachFault): Lost {
  if (answering !== undefined) return { kind: 'replaced', reason: message, found: answering };
  const reason = `${message} (${code})`;
  return own === true ? { kind: 'unasked', reason } : missed(reason);
}
