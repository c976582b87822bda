import type { ApiEvent, Attempt } from '@hostmesh/contract';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { AttemptHostRecord, AttemptRecord, Attempts, FailureRecord } from '@hostmesh/db';
import type { PushFault, PushOptions, PushReport } from '@hostmesh/host-mesh';
import type { FastifyBaseLogger } from 'fastify';
import { ChangeFeed } from '../events/change-feed.ts';
import { BatchWriter } from '../persist/batch-writer.ts';
import { AttemptHosts } from './attempt-hosts.ts';
import { attemptView, failuresOf, pushFailureGroups, hostRecord, hostResult } from './attempt-view.ts';

/** What an attempt does, and what becomes of it. */
export interface AttemptWork<Mesh> {
  /** Sends the snapshot; called once. */
  push(options: Pick<PushOptions, 'signal' | 'onProgress'>): Promise<Result<Mesh, PushFault | Fault>>;
  /** Records the success, which only succeeds when every host row is recorded as installed, and keeps the mesh. */
  attached(mesh: Mesh): Promise<Result<AttemptRecord, Fault>>;
  /** Lets go of what a success yielded that could not be recorded, once its hosts have been restored. */
  discard(mesh: Mesh): Promise<void>;
}

export interface AttemptRunDeps {
  readonly attempts: Attempts;
  /** Whose lease the attempt is under. */
  readonly owner: string;
  readonly publish: (event: ApiEvent) => void;
  readonly log: FastifyBaseLogger;
  /** How long a database that does not answer is waited for once the hosts have. */
  readonly recordLimitMs: number;
  /** Settles an attempt that could not be recorded: later, and with its hosts asked to restore what they had. */
  readonly settleLater: (attempt: Pick<AttemptRecord, 'id' | 'mesh'>) => Promise<void>;
}

/** Why a running attempt is ended early. The first reason wins. */
export type EndReason =
  /** By an operator. */
  | 'cancelled'
  /** The API stops. */
  | 'shutting_down'
  /** Another replica has taken over. */
  | 'taken_over';

/**
 * How an attempt ended here.
 * - `ended`: the row says how
 * - `abandoned`: that could not be recorded; the attempt will be settled as interrupted
 */
export type Verdict =
  { readonly kind: 'ended'; readonly record: AttemptRecord } | { readonly kind: 'abandoned' };

/**
 * How often results are recorded while the push runs. A quick push then writes each host once, at its end: what a
 * crash loses of the last second, it would have to ask the hosts about anyway.
 */
const WRITE_MS = 1000;

/**
 * One attempt from the first byte to the last restore (design 7.4). Nothing of it belongs to the request that
 * asked for it: a caller may wait for `verdict`, and may go away.
 */
export class AttemptRun {
  readonly verdict: Promise<Verdict>;
  /** When every restore is recorded too, and nothing is left to do. */
  readonly settled: Promise<void>;
  readonly #deps: AttemptRunDeps;
  readonly #hosts: AttemptHosts;
  readonly #feed: ChangeFeed<AttemptHostRecord>;
  readonly #writer: BatchWriter<AttemptHostRecord>;
  readonly #end = new AbortController();
  #record: AttemptRecord;
  #reason: EndReason | null = null;

  constructor(
    record: AttemptRecord,
    addresses: readonly string[],
    work: AttemptWork<unknown>,
    deps: AttemptRunDeps,
  ) {
    this.#deps = deps;
    this.#record = record;
    this.#hosts = new AttemptHosts(addresses);
    this.#writer = new BatchWriter({
      intervalMs: WRITE_MS,
      keyOf: ({ rank }) => rank,
      save: (rows) => deps.attempts.saveHosts(record.id, deps.owner, rows),
      onLost: () => this.end('taken_over'),
      onError: (err, dropped) =>
        deps.log.error(
          { err, attemptId: record.id, dropped: dropped.map(({ rank }) => rank) },
          'results could not be recorded',
        ),
    });
    this.#feed = new ChangeFeed({
      publish: deps.publish,
      rowsChanged: (rows) => ({
        type: 'attempt.hosts_changed',
        attemptId: record.id,
        hosts: rows.map(hostResult),
      }),
      wholeChanged: () => ({ type: 'attempt.changed', attempt: this.view() }),
    });
    const running = this.#run(work);
    this.verdict = running.then(({ verdict }) => verdict);
    this.settled = running.then(
      ({ cleanup }) => cleanup,
      () => deps.settleLater(record),
    );
  }

  get id(): string {
    return this.#record.id;
  }

  get mesh(): string {
    return this.#record.mesh;
  }

  /** The attempt as of now; ahead of what is recorded, never behind. */
  view(): Attempt {
    const failures = failuresOf(this.#hosts.rows);
    return attemptView(
      { ...this.#record, counts: this.#hosts.count() },
      failures,
      pushFailureGroups(failures),
    );
  }

  /** Ends it early: hosts that have not installed fail as cancelled, the others are restored. */
  end(reason: EndReason): void {
    this.#reason ??= reason;
    this.#end.abort();
  }

  async #run(work: AttemptWork<unknown>): Promise<{ verdict: Verdict; cleanup: Promise<void> }> {
    this.#feed.flush();
    const pushed = await work.push({
      signal: this.#end.signal,
      onProgress: (changes) => {
        const rows = changes.map(hostRecord);
        this.#hosts.apply(rows);
        this.#feed.add(rows);
        this.#writer.add(rows);
      },
    });
    const pushedMs = Date.now() - this.#record.startedAt.getTime();
    const result = pushed.ok ? await this.#succeed(pushed.value, work) : await this.#fail(pushed.fault);
    this.#log(result.ok ? result.value.record.state : result.fault.code, pushedMs);
    if (result.ok) {
      this.#record = result.value.record;
      this.#feed.flush();
      return { verdict: { kind: 'ended', record: this.#record }, cleanup: result.value.cleanup() };
    }
    this.#feed.stop();
    this.#deps.log.error({ err: result.fault.cause, attemptId: this.id }, result.fault.message);
    return { verdict: { kind: 'abandoned' }, cleanup: this.#takeBack(pushed, work) };
  }

  async #succeed(mesh: unknown, work: AttemptWork<unknown>): Promise<Result<Ended, Fault>> {
    const flushed = await this.#recordRows();
    if (!flushed.ok) return flushed;
    const attached = await tried(() => work.attached(mesh));
    return attached.ok ? ok({ record: attached.value, cleanup: () => Promise.resolve() }) : attached;
  }

  async #fail(fault: PushFault | Fault): Promise<Result<Ended, Fault>> {
    const flushed = await this.#recordRows();
    if (!flushed.ok) return flushed;
    // Recorded as pending just now: from here on only `saveRestores` can tell what became of them.
    const asked = this.#hosts.rows
      .filter(({ restore }) => restore?.kind === 'pending')
      .map(({ rank }) => rank);
    const ending = { ...this.#ending(fault), finishedAt: new Date() };
    const ended = await tried(() => this.#deps.attempts.finish(this.id, this.#deps.owner, ending));
    if (!ended.ok) return ended;
    // Nobody was asked: that is how each host failed, as it is recorded.
    if (!('report' in fault)) this.#hosts.failRest(ending.unfinished);
    const cleanup =
      'cleanup' in fault ? () => this.#recordRestores(asked, fault.cleanup) : () => Promise.resolve();
    return ok({ record: ended.value, cleanup });
  }

  /** The last rows of the push; what the engine tells after its verdict are restores alone. */
  async #recordRows(): Promise<Result<void, Fault>> {
    const flushed = await this.#writer.flush(this.#deps.recordLimitMs);
    this.#writer.stop();
    return flushed;
  }

  #ending(fault: Fault): {
    state: 'failed' | 'cancelled' | 'interrupted';
    reason?: string;
    unfinished: FailureRecord;
  } {
    const untried = 'not tried, because a host that was to install first did not';
    const unfinished = { kind: 'CastFailed', message: 'report' in fault ? untried : fault.message };
    // Hosts may have failed before we could end it.
    if (fault.code !== 'cancelled') return { state: 'failed', unfinished };
    if (this.#reason === 'cancelled') return { state: 'cancelled', unfinished };
    return { state: 'interrupted', reason: 'The API was stopped', unfinished };
  }

  /** Never rejects. */
  async #takeBack(pushed: Result<unknown, Fault>, work: AttemptWork<unknown>): Promise<void> {
    await this.#deps.settleLater(this.#record);
    if (!pushed.ok) return;
    await work.discard(pushed.value).catch((err: unknown) => {
      this.#deps.log.error({ err, attemptId: this.id }, 'a mesh could not be let go of');
    });
  }

  /** Never rejects: what could not be recorded is settled later. */
  async #recordRestores(asked: readonly number[], cleanup: Promise<PushReport>): Promise<void> {
    if (asked.length === 0) return;
    const report = await cleanup;
    const restores = asked.flatMap((rank) => {
      const restore = report.hosts[rank]?.restore;
      return restore ? [{ rank, restore }] : [];
    });
    const { attempts, owner, log, settleLater } = this.#deps;
    const saved = await tried(() => attempts.saveRestores(this.id, owner, restores));
    this.#feed.flush();
    if (saved.ok) return;
    log.error({ err: saved.fault.cause, attemptId: this.id }, saved.fault.message);
    await settleLater(this.#record);
  }

  #log(outcome: string, pushedMs: number): void {
    const { kind, mesh, startedAt } = this.#record;
    this.#deps.log.info({
      event: 'attempt',
      attemptId: this.id,
      kind,
      mesh,
      outcome,
      reason: this.#reason ?? undefined,
      ...this.#hosts.count(),
      pushedMs,
      durationMs: Date.now() - startedAt.getTime(),
    });
  }
}

interface Ended {
  readonly record: AttemptRecord;
  /** Records what is still to come. */
  readonly cleanup: () => Promise<void>;
}

/** A write whose only unexpected failure is a database that does not answer. */
async function tried<T>(write: () => Promise<Result<T, Fault>>): Promise<Result<T, Fault>> {
  try {
    return await write();
  } catch (cause) {
    return fail({ code: 'database_unavailable', message: 'The database does not answer.', cause });
  }
}
