import type { HostTarget } from '../ref/host-ref.ts';
import type { HostRestore } from '../restore/restore-config.ts';
import type { HostPushCommand, HostPushEvent, HostPushState, PushTerms } from './host-push-state.ts';
import type { HostReport } from './push-report.ts';
import { stepHostPush } from './step-host-push.ts';

/** One host of a running push. */
export interface PushRow extends HostTarget {
  push: HostPushState;
  restore: HostRestore | null;
}

const queuedRow = ({ rank, address, text }: HostTarget): PushRow => ({
  rank,
  address,
  text,
  push: { kind: 'queued' },
  restore: null,
});

/**
 * How a push ended.
 * - `installed`: every host installed
 * - `failed`: at least one did not
 * - `cancelled`: at least one did not because the push was cancelled
 */
export type PushVerdict = 'installed' | 'failed' | 'cancelled';

/**
 * All hosts of one push, and what follows from their states together. Does nothing by itself: events go in,
 * commands come out. A step costs the same however many hosts there are.
 */
export class PushBoard {
  readonly hosts: readonly PushRow[];
  readonly #byRank: ReadonlyMap<number, PushRow>;
  readonly #terms: PushTerms;
  #stage: readonly PushRow[];
  #heldBack: readonly PushRow[];
  #unsettled: number;
  #unreached: number;
  #failed = 0;
  #cancelled = 0;
  #steps = 0;

  /** `first` are the ranks of the first stage, empty for one stage of all. Throws on ranks that do not exist. */
  constructor(targets: readonly HostTarget[], first: readonly number[], terms: PushTerms) {
    this.hosts = targets.map(queuedRow);
    this.#byRank = new Map(this.hosts.map((host) => [host.rank, host]));
    this.#terms = terms;
    first.forEach((rank) => this.host(rank));
    const firstRanks = new Set(first);
    const isFirst = ({ rank }: PushRow) => firstRanks.size === 0 || firstRanks.has(rank);
    this.#stage = this.hosts.filter(isFirst);
    this.#heldBack = this.hosts.filter((host) => !isFirst(host));
    this.#unsettled = this.#stage.length;
    this.#unreached = this.hosts.length;
  }

  /** The hosts whose turn it is; the others are queued until all of these have installed. */
  get stage(): readonly PushRow[] {
    return this.#stage;
  }

  /** How many events have changed something. */
  get steps(): number {
    return this.#steps;
  }

  /** Whether every host has said hello or failed. */
  get allReached(): boolean {
    return this.#unreached === 0;
  }

  host(rank: number): PushRow {
    const host = this.#byRank.get(rank);
    if (host === undefined) throw new RangeError(`no such rank: ${rank}`);
    return host;
  }

  apply(host: PushRow, event: HostPushEvent, now: number): HostPushCommand | null {
    const before = host.push;
    const [after, command] = stepHostPush(before, event, now, this.#terms);
    if (after === before) return null;
    host.push = after;
    this.#steps += 1;
    if (!isReached(before) && isReached(after)) this.#unreached -= 1;
    // What was installed may turn out to be another host of this push.
    if (isSettled(after) && !isSettled(before)) this.#unsettled -= 1;
    if (after.kind === 'failed') this.#failed += 1;
    if (after.kind === 'failed' && after.failure.kind === 'Cancelled') this.#cancelled += 1;
    return command;
  }

  /** Whether every host of the stage is in a final state. */
  get stageOver(): boolean {
    return this.#unsettled === 0;
  }

  /** After a stage is over: the verdict, or null when the next stage has begun. */
  conclude(): PushVerdict | null {
    if (this.#cancelled > 0) return 'cancelled';
    if (this.#failed > 0) return 'failed';
    if (this.#heldBack.length === 0) return 'installed';
    this.#stage = this.#heldBack;
    this.#heldBack = [];
    this.#unsettled = this.#stage.length;
    return null;
  }
}

const isSettled = ({ kind }: HostPushState): boolean => kind === 'installed' || kind === 'failed';

const isReached = (push: HostPushState): boolean => push.kind !== 'queued' && push.kind !== 'connecting';

/** What is known of the host now. */
export function hostReport({ rank, text, push, restore }: PushRow): HostReport {
  const host = 'host' in push ? push.host : null;
  const ack = push.kind === 'installed' ? push.ack : null;
  return {
    rank,
    address: text,
    hostId: host?.hostId ?? null,
    agentVersion: host?.agentVersion ?? null,
    state: push.kind,
    failure: push.kind === 'failed' ? push.failure : null,
    restore,
    connectMs: 'connectMs' in push ? push.connectMs : null,
    ackMs: push.kind === 'installed' ? push.ackMs : null,
    epoch: ack?.epoch ?? null,
    shadowedKeys: ack?.shadowed ?? [],
    unknownKeys: ack?.unknownKeys ?? [],
    tookOverFrom: ack?.tookOverFrom ?? null,
  };
}
