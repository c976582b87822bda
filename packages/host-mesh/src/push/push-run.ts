import type { Result } from '@hostmesh/core';
import {
  encodeRequest,
  heardOf,
  MAX_FRAME_BYTES,
  type AnswerOf,
  type ConnectFault,
  type EncodedRequest,
  type Hello,
  type RequestFault,
} from '@hostmesh/protocol';
import { TurnBatch } from '../clock/turn-batch.ts';
import type { HostLinks } from '../links/host-links.ts';
import { HostReach, type Reached } from '../links/reach.ts';
import type { HostTarget } from '../ref/host-ref.ts';
import type { HostRestore } from '../restore/restore-config.ts';
import { hostIdConflict, type RankedClaimant } from './config-push-failure.ts';
import type { HostPushCommand, HostPushEvent } from './host-push-state.ts';
import { hostReport, PushBoard, type PushRow, type PushVerdict } from './push-board.ts';
import { PushDeadline } from './push-deadline.ts';
import type { PushOptions, PushSettings } from './push-options.ts';
import type { PushReport } from './push-report.ts';

/** While hosts are waited for, a dial that meets silence is given up after this and tried again. */
const BOOT_DIAL_LIMIT_MS = 5_000;

/** How many hosts are begun with in one turn of the event loop, so that a large mesh does not hold up all else. */
const TURN_SIZE = 250;

/**
 * Carries one push out: dials, sends, and feeds what happens into the board until it has a verdict. It owns
 * everything that it starts, except the connections, which `links` own.
 */
export class PushRun {
  readonly #settings: PushSettings;
  readonly #links: HostLinks;
  readonly #request: EncodedRequest<'set_client_config'>;
  readonly #deadline: PushDeadline;
  readonly #board: PushBoard;
  readonly #reach: HostReach;
  readonly #changes: TurnBatch<number> | null;
  readonly #startedAt: number;
  readonly #verdict = Promise.withResolvers<PushVerdict>();
  readonly #timers = new Set<() => void>();
  /** Who has said hello, by host id. */
  readonly #claimants = new Map<string, RankedClaimant>();
  #durationMs = 0;

  constructor(targets: readonly HostTarget[], links: HostLinks, settings: PushSettings) {
    const { clock, timeoutMs, onProgress } = settings;
    this.#settings = settings;
    this.#links = links;
    this.#startedAt = clock.wallNow();
    this.#request = setClientConfig(settings);
    this.#deadline = new PushDeadline({
      ...settings,
      progress: () => this.#board.steps,
      passed: () => this.#applyToStage({ kind: 'deadline_passed', afterMs: timeoutMs }),
    });
    this.#board = new PushBoard(targets, settings.first ?? [], {
      requestId: this.#request.id,
      epoch: settings.epoch,
      digest: settings.snapshot.digest,
      waitUntil: this.#deadline.waitUntil,
    });
    this.#reach = new HostReach({
      ...settings,
      links,
      patienceMs: Math.min(1_000, timeoutMs / 10),
      dialLimitMs: () =>
        this.#deadline.waitUntil - clock.now() > BOOT_DIAL_LIMIT_MS ? BOOT_DIAL_LIMIT_MS : null,
    });
    this.#changes =
      onProgress === undefined
        ? null
        : new TurnBatch(clock, (ranks) =>
            onProgress(ranks.map((rank) => hostReport(this.#board.host(rank)))),
          );
  }

  /** Runs the push, once. */
  run(): Promise<PushVerdict> {
    const { signal } = this.#settings;
    const sizeBytes = this.#request.bytes.length;
    if (signal?.aborted === true) {
      this.#cancel();
    } else if (sizeBytes > MAX_FRAME_BYTES) {
      const message = `the request takes ${sizeBytes} bytes, and a frame holds ${MAX_FRAME_BYTES}`;
      this.#applyToStage({ kind: 'cast_failed', message });
    } else {
      signal?.addEventListener('abort', this.#cancel);
      this.#deadline.start();
      this.#startStage();
    }
    return this.#verdict.promise;
  }

  get hosts(): readonly PushRow[] {
    return this.#board.hosts;
  }

  /** When the deadline was, by the clock; null when hosts were still waited for at the verdict. */
  get deadlineAt(): number | null {
    return this.#deadline.endsAt;
  }

  /** Notes what became of the snapshot on a host after a failed push. */
  restored(rank: number, restore: HostRestore): void {
    this.#board.host(rank).restore = restore;
    this.#changes?.add(rank);
  }

  /** As of now; whatever it tells has also been told as progress. */
  report(): PushReport {
    this.#changes?.flush();
    return {
      epoch: this.#settings.epoch,
      digest: this.#settings.snapshot.digest,
      hosts: this.hosts.map(hostReport),
      startedAt: this.#startedAt,
      durationMs: this.#durationMs,
    };
  }

  readonly #cancel = (): void => this.#applyToStage({ kind: 'cancelled' });

  #startStage(): void {
    const { stage } = this.#board;
    const startFrom = (begin: number): void => {
      const end = Math.min(begin + TURN_SIZE, stage.length);
      for (const host of stage.slice(begin, end)) this.#reachHost(host);
      if (end < stage.length) this.#settings.clock.nextTurn(() => this.#deadline.open && startFrom(end));
    };
    startFrom(0);
  }

  #reachHost(host: PushRow): void {
    this.#reach.reach(
      host,
      (outcome) => this.#reached(host, outcome),
      (phase) => this.#apply(host, { kind: phase === 'connecting' ? 'dial_began' : 'handshake_began' }),
    );
  }

  #applyToStage(event: HostPushEvent): void {
    for (const host of this.#board.stage) this.#apply(host, event);
  }

  #apply(host: PushRow, event: HostPushEvent): void {
    const before = host.push;
    const command = this.#board.apply(host, event, this.#settings.clock.now());
    if (host.push === before) return;
    this.#changes?.add(host.rank);
    if (command !== null) this.#execute(host, command);
    if (this.#board.allReached) this.#deadline.waitingOver();
    if (this.#board.stageOver) this.#stageOver();
  }

  #stageOver(): void {
    const verdict = this.#board.conclude();
    if (verdict === null) return this.#startStage();
    this.#settings.signal?.removeEventListener('abort', this.#cancel);
    this.#durationMs = this.#settings.clock.now() - this.#deadline.startedAt;
    this.#deadline.stop();
    this.#reach.end();
    for (const cancelTimer of this.#timers) cancelTimer();
    this.#verdict.resolve(verdict);
  }

  #execute(host: PushRow, command: HostPushCommand): void {
    switch (command.kind) {
      case 'reach_later':
        return this.#reachLater(host, command.delayMs);
      case 'send':
        return this.#send(host);
    }
  }

  #reached(host: PushRow, outcome: Result<Reached, ConnectFault>): void {
    if (!outcome.ok && outcome.fault.own === true) {
      const { message, code } = outcome.fault;
      return this.#applyToStage({ kind: 'cast_failed', message: `${message} (${code})`, code: 'own_limit' });
    }
    if (!outcome.ok)
      return this.#apply(host, {
        kind: 'connect_failed',
        fault: outcome.fault,
        jitter: this.#settings.random(),
      });
    // Past the deadline nothing is sent any more: it could only become residue.
    if (this.#deadline.open) this.#greeted(host, outcome.value.connection.hello);
  }

  #reachLater(host: PushRow, delayMs: number): void {
    const cancelTimer = this.#settings.clock.after(delayMs, () => {
      this.#timers.delete(cancelTimer);
      this.#reachHost(host);
    });
    this.#timers.add(cancelTimer);
  }

  #greeted(host: PushRow, { hostId, incarnation, agentVersion }: Hello): void {
    const claimant = { rank: host.rank, address: host.text, hostId, incarnation };
    const other = this.#claimants.get(hostId);
    this.#claimants.set(hostId, other ?? claimant);
    if (other !== undefined && other.rank !== host.rank) {
      this.#apply(this.#board.host(other.rank), {
        kind: 'conflict',
        failure: hostIdConflict(other, claimant),
      });
      const failure = hostIdConflict(claimant, other);
      return this.#apply(host, { kind: 'not_admitted', host: { hostId, agentVersion }, failure });
    }
    const identity = { hostId, agentVersion };
    const failure = this.#settings.admit?.(claimant) ?? null;
    if (failure !== null) this.#apply(host, { kind: 'not_admitted', host: identity, failure });
    else this.#apply(host, { kind: 'connected', host: identity });
  }

  #send(host: PushRow): void {
    const connection = this.#links.get(host.rank);
    if (connection === undefined) throw new Error(`rank ${host.rank} said hello without a connection`);
    const answer = connection.request(this.#requestAfter(connection.toldEpoch), this.#reach.over);
    void answer.then((outcome) => this.#answered(host, outcome));
  }

  /** The push to a host that has told of this epoch: it comes after that, unless it was overtaken by a later push of ours. */
  #requestAfter(toldEpoch: number): EncodedRequest<'set_client_config'> {
    const { epoch, isOvertaken } = this.#settings;
    if (toldEpoch <= epoch || isOvertaken?.() === true) return this.#request;
    return setClientConfig(this.#settings, toldEpoch);
  }

  #answered(host: PushRow, outcome: Result<AnswerOf<'set_client_config'>, RequestFault>): void {
    const requestId = this.#request.id;
    if (outcome.ok) return this.#apply(host, { kind: 'acknowledged', requestId, ack: outcome.value });
    const { fault } = outcome;
    switch (fault.kind) {
      case 'refused':
        return this.#apply(host, { kind: 'refused', requestId, fault: fault.fault });
      case 'closed':
        return this.#apply(host, { kind: 'closed', code: fault.code, message: fault.message });
      case 'aborted':
        return; // Our own doing, after the verdict.
    }
  }
}

/**
 * The push as one request, encoded once: the same bytes, and the same id made from the epoch, go to every host, except those
 * that have seen a greater epoch and told us: for them it says so.
 */
export const setClientConfig = (
  { epoch, owner, snapshot, healing, abandoned }: PushOptions,
  toldEpoch = 0,
): EncodedRequest<'set_client_config'> =>
  encodeRequest({
    type: 'set_client_config',
    id: `push-${epoch}`,
    epoch,
    ...heardOf(toldEpoch, epoch),
    owner,
    digest: snapshot.digest,
    attrs: { ...snapshot.attrs },
    ...(healing === true && { onlyOwn: true, abandoned: [...(abandoned ?? [])] }),
  });
