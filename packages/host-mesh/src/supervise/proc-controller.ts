import { isTerminating, printResourceId, type ProcMeshId } from '@hostmesh/core';
import type { AnswerOf, ProcReport } from '@hostmesh/protocol';
import { callOpen } from '../call/host-calls.ts';
import { pause } from '../clock/clock.ts';
import { TurnBatch } from '../clock/turn-batch.ts';
import type { MissedHost, ProcFeedListener } from '../monitor/proc-feed.ts';
import type { BoardStep, ProcBoard } from '../proc/proc-board.ts';
import type { ProcChange, ProcListeners } from '../proc/proc-observation.ts';
import { isFinalView, lastOf, type ProcViewEvent } from '../proc/proc-view.ts';
import { PerHostTimer } from './per-host-timer.ts';
import type { ProcDeps } from './proc-deps.ts';

type ProcStates = AnswerOf<'get_host_proc_states'>;

/** What a controller looks after. */
export interface Controlled {
  readonly board: ProcBoard;
  readonly ttlMs: number | null;
  /** Repairs that were counted before. */
  readonly repairs: number;
  /** Hosts are asked at once how things are, for they went on while nobody watched. */
  readonly isResumed: boolean;
}

/** How long events that a poll is ahead of may take to come, before they count as lost. */
const EVENTS_GRACE_MS = 1_000;
/** A poll may take until the next one is due, and at least so long. */
const POLL_PATIENCE_MS = 5_000;

/**
 * Keeps the board of one proc mesh true (reference section 12): applies what the feed tells, asks each host now and
 * then whether that is all, and vouches for the procs of each host for as long as one of them is wanted and not ended.
 */
export class ProcController implements ProcFeedListener {
  readonly procMeshId: string;
  readonly board: ProcBoard;
  /** Its procs ran before it was there. */
  readonly isResumed: boolean;
  readonly #deps: ProcDeps;
  readonly #ttlMs: number | null;
  readonly #changes: TurnBatch<ProcChange>;
  readonly #polls: PerHostTimer;
  readonly #over = new AbortController();
  readonly #watchers = new Set<(step: BoardStep) => void>();
  /** Ranks that are to end, and how to ask for that. */
  readonly #dismissed = new Map<number, (hostRank: number) => void>();
  #repairs: number;

  constructor(
    id: ProcMeshId,
    { board, ttlMs, repairs, isResumed }: Controlled,
    deps: ProcDeps,
    listeners: ProcListeners,
  ) {
    this.procMeshId = printResourceId(id);
    this.board = board;
    this.isResumed = isResumed;
    this.#deps = deps;
    this.#ttlMs = ttlMs;
    this.#repairs = repairs;
    this.#changes = new TurnBatch(deps.clock, (changes) => this.#tell(changes, listeners));
    this.#polls = new PerHostTimer(deps.clock, (hostRank) => this.#poll(hostRank));
    for (const hostRank of board.hostRanks) this.#tend(hostRank, isResumed);
    deps.feed.subscribe(this.procMeshId, this);
  }

  get repairs(): number {
    return this.#repairs;
  }

  /** Fires when it is closed. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  get closed(): boolean {
    return this.#over.signal.aborted;
  }

  /** Calls back for each change, at once; returns what ends that. */
  watch(watcher: (step: BoardStep) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Something became known of a proc otherwise than by the feed. */
  apply(rank: number, event: ProcViewEvent): void {
    if (this.closed) return;
    const step = this.board.apply(rank, event);
    if (step === null) return;
    this.#changes.add(step.transition);
    for (const watcher of this.#watchers) watcher(step);
    if (isFinalView(step.before) !== isFinalView(step.after)) this.#tend(step.transition.hostRank);
  }

  /** From now on nobody vouches for these procs, and `ask` is repeated on hosts that come back until they end. */
  dismiss(ranks: readonly number[], ask: (hostRank: number) => void): void {
    for (const rank of ranks) this.#dismissed.set(rank, ask);
    for (const hostRank of this.#hostsOf(ranks)) this.#tend(hostRank);
  }

  reported(hostRank: number, report: ProcReport): void {
    const at = this.#hostHeard(hostRank);
    const rank = this.board.rankOfReport(hostRank, report);
    if (rank !== undefined) this.apply(rank, { kind: 'reported', report, at });
  }

  wasReported(hostRank: number, report: ProcReport): void {
    const rank = this.board.rankOfReport(hostRank, report);
    const known = rank === undefined ? null : lastOf(this.board.view(rank));
    if (known === null || report.generation > known.generation) this.reported(hostRank, report);
  }

  /** The host answers that it has no such proc. */
  unknownTo(hostRank: number, procId: string): void {
    const rank = this.board.rankOfReport(hostRank, { procId });
    const at = this.#hostHeard(hostRank);
    if (rank !== undefined) this.apply(rank, { kind: 'missing', reason: 'its host does not have it', at });
  }

  snapshotTold(hostRank: number): void {
    const at = this.#hostHeard(hostRank);
    for (const rank of this.board.ranksOfHost(hostRank)) {
      // A proc that its host never reported cannot be lost; whether one that it did is, the next poll tells.
      if (lastOf(this.board.view(rank)) === null) this.apply(rank, { kind: 'host_heard', at });
    }
    this.#comeBack(hostRank);
  }

  caughtUp(hostRank: number): void {
    const at = this.#hostHeard(hostRank);
    for (const rank of this.board.ranksOfHost(hostRank)) this.apply(rank, { kind: 'host_heard', at });
    this.#comeBack(hostRank);
  }

  missed(hostRank: number, { lastHeardAt, why }: MissedHost): void {
    if (lastHeardAt !== null) this.board.hostHeard(hostRank, lastHeardAt);
    const at = this.#deps.clock.wallNow();
    for (const rank of this.board.ranksOfHost(hostRank)) this.apply(rank, { kind: 'host_missed', why, at });
  }

  givenUp(hostRank: number, reason: string): void {
    const at = this.#deps.clock.wallNow();
    for (const rank of this.board.ranksOfHost(hostRank)) this.apply(rank, { kind: 'given_up', reason, at });
  }

  /** Asks the host at once how its procs are. */
  poll(hostRank: number): void {
    this.#polls.hurry(hostRank);
  }

  /** Hands over what has not been told yet: whoever acts on a result has heard of all that led to it. */
  flush(): void {
    this.#changes.flush();
  }

  /** Ends everything, and hands over what has not been told yet. */
  close(): void {
    if (this.closed) return;
    this.#over.abort();
    this.#polls.close();
    for (const hostRank of this.board.hostRanks) this.#deps.leases.release(hostRank, this.procMeshId);
    this.#deps.feed.unsubscribe(this.procMeshId);
    this.#changes.flush();
  }

  #hostHeard(hostRank: number): number {
    const at = this.#deps.clock.wallNow();
    this.board.hostHeard(hostRank, at);
    return at;
  }

  /** Makes up for what a host that was away has missed: its leases, a poll, and stops. */
  #comeBack(hostRank: number): void {
    this.#deps.leases.hostHeard(hostRank);
    this.#polls.hurry(hostRank);
    this.#askDismissed(hostRank);
  }

  /** Repeats the stop of procs that are to end and are not ending: the host may not have got it. */
  #askDismissed(hostRank: number): void {
    const asks = new Set<(hostRank: number) => void>();
    for (const rank of this.board.ranksOfHost(hostRank)) {
      const ask = this.#dismissed.get(rank);
      if (ask !== undefined && !isTerminating(this.board.proc(rank).status)) asks.add(ask);
    }
    for (const ask of asks) ask(hostRank);
  }

  /** Polls a host as long as procs of it may live, and vouches for them as long as one of those is wanted. */
  #tend(hostRank: number, now = false): void {
    if (this.closed) return;
    const live = this.board.ranksOfHost(hostRank).filter((rank) => !isFinalView(this.board.view(rank)));
    const { pollMs } = this.#deps.settings();
    if (live.length === 0) this.#polls.stop(hostRank);
    else if (this.#polls.periodMs(hostRank) === null)
      this.#polls.start(hostRank, pollMs, now ? 0 : pollMs * (0.5 + this.#deps.random() / 2));
    const isVouched = live.some((rank) => !this.#dismissed.has(rank));
    if (!isVouched || this.#ttlMs === null) this.#deps.leases.release(hostRank, this.procMeshId);
    else this.#deps.leases.hold(hostRank, this.procMeshId, this.#ttlMs);
    if (now) this.#deps.leases.hostHeard(hostRank);
  }

  async #poll(hostRank: number): Promise<void> {
    const { links, feed, clock, settings } = this.#deps;
    const connection = links.get(hostRank);
    if (connection === undefined) return;
    // Procs that are reported after the poll has been sent need not be in its answer.
    const known = this.board.ranksOfHost(hostRank).filter((rank) => lastOf(this.board.view(rank)) !== null);
    const answer = await callOpen(
      connection,
      { type: 'get_host_proc_states', id: links.nextRequestId('poll'), procMeshId: this.procMeshId },
      { clock, timeoutMs: Math.max(settings().pollMs, POLL_PATIENCE_MS), signal: this.#over.signal },
    );
    const isCurrent = () => !this.closed && links.get(hostRank) === connection;
    if (answer === null || !isCurrent()) return;
    const cursor = feed.cursor(hostRank);
    if (cursor?.incarnation !== connection.hello.incarnation || cursor.seq < answer.seq) {
      // Events tell every change, a poll only the last one: those that it is ahead of are waited for.
      await pause(clock, EVENTS_GRACE_MS, this.#over.signal);
      if (!isCurrent()) return;
    }
    this.#repair(hostRank, known, answer);
    this.#askDismissed(hostRank);
  }

  #repair(hostRank: number, known: readonly number[], { procs }: ProcStates): void {
    const stopCounting = this.watch(({ before }) => {
      if (before.kind === 'heard' && before.last.report !== null) this.#repairs += 1;
    });
    for (const { leaseMs: _lease, owner: _owner, program: _program, ...report } of procs)
      this.reported(hostRank, report);
    const there = new Set(procs.map(({ procId }) => procId));
    for (const rank of known) {
      const { procId } = this.board.place(rank);
      if (!there.has(procId)) this.unknownTo(hostRank, procId);
    }
    stopCounting();
  }

  #tell(changes: readonly ProcChange[], { onTransitions, onChange }: ProcListeners): void {
    onTransitions?.(changes);
    if (onChange === undefined) return;
    const ranks = new Set(changes.map(({ rank }) => rank));
    onChange([...ranks].map((rank) => this.board.proc(rank)));
  }

  #hostsOf(ranks: readonly number[]): ReadonlySet<number> {
    return new Set(ranks.map((rank) => this.board.place(rank).hostRank));
  }
}
