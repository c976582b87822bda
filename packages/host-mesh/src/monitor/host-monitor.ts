import type { Result } from '@hostmesh/core';
import {
  encodeRequest,
  type AgentEvent,
  type AnswerResult,
  type Closed,
  type Connection,
  type EncodedRequest,
  type InstalledConfig,
  type RequestFault,
  type Transport,
} from '@hostmesh/protocol';
import { nextRequestId } from '../ask/request-id.ts';
import { backoffMs } from '../clock/backoff.ts';
import type { Clock } from '../clock/clock.ts';
import { TurnBatch } from '../clock/turn-batch.ts';
import { dial, type DialOutcome } from '../links/dial.ts';
import { DialSlots } from '../links/dial-slots.ts';
import type { HostLinks } from '../links/host-links.ts';
import { printElapsed } from '../push/config-push-failure.ts';
import type { HostTarget } from '../ref/host-target.ts';
import { observationOf, sameButForTime, type HostObservation } from './host-observation.ts';
import { stepHostWatch, type ExpectedConfig, type HostWatch, type HostWatchEvent } from './host-watch.ts';

export interface MonitorOptions {
  /** How often a host that says nothing is asked whether it is there; 10 s when absent. */
  readonly intervalMs?: number;
  /** How long an answer, or a dial, may take before the host counts as unreachable; 5 s when absent. */
  readonly timeoutMs?: number;
  /** Called at most once per turn of the event loop with the hosts of which more changed than `lastHeardAt`. */
  readonly onChange?: (changes: readonly HostObservation[]) => void;
}

export interface MonitorPorts {
  readonly transport: Transport;
  /** Connections that are open already are used; new ones are put here. */
  readonly links: HostLinks;
  readonly clock: Clock;
  readonly random: () => number;
  readonly concurrency: number;
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
      /** Since when an answer is due; null when none is. */
      readonly askedAt: number | null;
      /** When to ask next. */
      readonly askAt: number;
      readonly stopEvents: () => void;
    };
type Up = Extract<Line, { kind: 'up' }>;

interface WatchedHost extends HostTarget {
  watch: HostWatch;
  line: Line;
  told: HostObservation;
}

const redialBackoff = { firstMs: 250, maxMs: 10_000 };
/** A connection that lasted less long was no success, and the next dial comes later. */
const STEADY_MS = 1_000;

/**
 * Watches the hosts of a mesh: keeps or reopens their connections, streams their changes, and asks those that say
 * nothing whether they are there. One timer serves all hosts. Close it; connections stay with their owner.
 */
export class HostMonitor {
  readonly #ports: MonitorPorts;
  readonly #intervalMs: number;
  readonly #timeoutMs: number;
  readonly #hosts: readonly WatchedHost[];
  readonly #slots: DialSlots;
  readonly #changes: TurnBatch;
  readonly #over = new AbortController();
  // At most one of each is under way on a connection, so their ids may stay the same.
  readonly #keepalive = encodeRequest({ type: 'keepalive', id: nextRequestId('keepalive') });
  // What the host is now is all that counts here, so there is nothing to resume.
  readonly #stream = encodeRequest({ type: 'stream_state', id: nextRequestId('stream'), after: null });
  #expected: ExpectedConfig;
  #cancelTimer: () => void = () => undefined;

  constructor(
    targets: readonly HostTarget[],
    expected: ExpectedConfig,
    ports: MonitorPorts,
    { intervalMs = 10_000, timeoutMs = 5_000, onChange = () => undefined }: MonitorOptions = {},
  ) {
    const { clock, concurrency, links } = ports;
    this.#ports = ports;
    this.#expected = expected;
    this.#intervalMs = intervalMs;
    this.#timeoutMs = timeoutMs;
    this.#slots = new DialSlots(clock, concurrency, timeoutMs / 5);
    this.#changes = new TurnBatch(clock, (ranks) => this.#tell(ranks, onChange));
    this.#hosts = targets.map((target) => {
      const watch: HostWatch = { kind: 'connecting', since: clock.wallNow() };
      const line: Line = { kind: 'down', dials: 0, dialAt: clock.now() };
      return { ...target, watch, line, told: observationOf(target.rank, target.text, watch) };
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

  /** Every host has just acknowledged this config, which spares waiting until it is heard of again. */
  acknowledged(config: InstalledConfig): void {
    for (const host of this.#hosts) {
      const heardOfNewer = 'heard' in host.watch && (host.watch.heard?.config.epoch ?? 0) > config.epoch;
      if (!heardOfNewer) this.#apply(host, { kind: 'changed', config });
    }
  }

  /** Ends the watching: nothing is told any more. */
  close(): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#cancelTimer();
    this.#slots.close();
    this.#ports.links.watch(() => undefined);
    for (const { line } of this.#hosts) if (line.kind === 'up') line.stopEvents();
  }

  #tick(): void {
    const { clock } = this.#ports;
    for (const host of this.#hosts) this.#attend(host, clock.now());
    const tickMs = Math.max(10, Math.min(1_000, this.#intervalMs / 4, this.#timeoutMs / 4));
    this.#cancelTimer = clock.after(tickMs, () => this.#tick());
  }

  #attend(host: WatchedHost, now: number): void {
    const { line } = host;
    if (line.kind === 'down' && now >= line.dialAt) this.#reach(host, line.dials + 1);
    if (line.kind !== 'up') return;
    if (line.askedAt === null) {
      if (now >= line.askAt) this.#ask(host, { ...line, askedAt: now }, this.#keepalive);
    } else if (now - line.askedAt >= this.#timeoutMs) {
      this.#giveUp(host, line, `no answer for ${printElapsed(this.#timeoutMs)}`);
    }
  }

  #reach(host: WatchedHost, dials: number): void {
    const { links, transport, clock } = this.#ports;
    const open = links.get(host.rank);
    if (open !== undefined) return this.#listen(host, open, dials);
    host.line = { kind: 'dialling', dials };
    this.#slots.enter(host.rank, () => {
      const options = { signal: this.#over.signal, limitMs: this.#timeoutMs };
      void dial(transport, host.address, clock, options).then((outcome) =>
        this.#dialled(host, dials, outcome),
      );
    });
  }

  #dialled(host: WatchedHost, dials: number, outcome: DialOutcome): void {
    this.#slots.leave(host.rank);
    if (this.#over.signal.aborted) {
      if (outcome.ok) outcome.value.close();
    } else if (outcome.ok) {
      this.#listen(host, this.#ports.links.keep(host.rank, outcome.value), dials);
    } else {
      this.#lost(host, dials, `${outcome.fault.message} (${outcome.fault.code})`);
    }
  }

  #listen(host: WatchedHost, connection: Connection, dials: number): void {
    const since = this.#ports.clock.now();
    const stopEvents = connection.onEvent((event) => this.#heardEvent(host, event));
    const up: Up = { kind: 'up', connection, since, dials, askedAt: since, askAt: since, stopEvents };
    this.#ask(host, up, this.#stream);
  }

  #ask(host: WatchedHost, line: Up, request: EncodedRequest): void {
    host.line = line;
    const answer = line.connection.request(request, this.#over.signal);
    void answer.then((outcome) => this.#answered(host, line.connection, outcome));
  }

  #answered(host: WatchedHost, connection: Connection, outcome: Result<AnswerResult, RequestFault>): void {
    const { line } = host;
    if (line.kind !== 'up' || line.connection !== connection) return;
    if (!outcome.ok) {
      // The end of a connection is told by its owner, and being aborted is our own doing.
      if (outcome.fault.kind === 'refused') this.#giveUp(host, line, `refused: ${outcome.fault.message}`);
      return;
    }
    const answer = outcome.value;
    if (answer.kind !== 'alive' && answer.kind !== 'streaming')
      return this.#giveUp(host, line, `it answered with ${answer.kind}`);
    const { clock, random } = this.#ports;
    // Spread, so that hosts attached together are not asked together for ever.
    host.line = { ...line, askedAt: null, askAt: clock.now() + this.#intervalMs * (1 - random() / 2) };
    const { lifecycle, config } = answer;
    this.#apply(host, { kind: 'heard', hello: connection.hello, lifecycle, config });
  }

  #heardEvent(host: WatchedHost, { change }: AgentEvent): void {
    switch (change.kind) {
      case 'client_config_changed':
        return this.#apply(host, { kind: 'changed', config: change.config });
      case 'lifecycle_changed':
        return this.#apply(host, { kind: 'changed', lifecycle: change.lifecycle });
      case 'proc_changed':
        return;
    }
  }

  /** The connection has ended. A host that was well is dialled at once, and only missed when that fails. */
  #hungUp(host: WatchedHost, line: Up, { code, message }: Closed): void {
    line.stopEvents();
    if (this.#wasSteady(line)) this.#reach(host, 1);
    else this.#lost(host, line.dials, `${message} (${code})`);
  }

  /** The connection is open, and no use. */
  #giveUp(host: WatchedHost, line: Up, reason: string): void {
    line.stopEvents();
    this.#ports.links.drop(host.rank);
    this.#lost(host, this.#wasSteady(line) ? 1 : line.dials, reason);
  }

  #wasSteady({ since }: Up): boolean {
    return this.#ports.clock.now() - since >= STEADY_MS;
  }

  #lost(host: WatchedHost, dials: number, reason: string): void {
    const { clock, random } = this.#ports;
    host.line = { kind: 'down', dials, dialAt: clock.now() + backoffMs(redialBackoff, dials, random()) };
    this.#apply(host, { kind: 'missed', reason });
  }

  #apply(host: WatchedHost, event: HostWatchEvent): void {
    host.watch = stepHostWatch(host.watch, event, this.#ports.clock.wallNow(), this.#expected);
    if (!sameButForTime(host.told, this.#observe(host))) this.#changes.add(host.rank);
  }

  #tell(ranks: readonly number[], onChange: (changes: readonly HostObservation[]) => void): void {
    if (this.#over.signal.aborted) return;
    const changes: HostObservation[] = [];
    for (const rank of ranks) {
      const host = this.#hosts[rank];
      if (host === undefined) continue;
      const observation = this.#observe(host);
      if (!sameButForTime(host.told, observation)) changes.push((host.told = observation));
    }
    if (changes.length > 0) onChange(changes);
  }

  #observe({ rank, text, watch }: WatchedHost): HostObservation {
    return observationOf(rank, text, watch);
  }
}
