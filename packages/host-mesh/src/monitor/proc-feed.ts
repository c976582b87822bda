import type { ProcReport } from '@hostmesh/protocol';
import type { SilenceCause } from '../proc/proc-view.ts';

/** How far the events of a host have been applied. */
export interface EventCursor {
  /** Of the host's agent. */
  readonly incarnation: string;
  readonly seq: number;
}

/** Of a host that cannot be heard. */
export interface MissedHost {
  /** Milliseconds since 1970. */
  readonly lastHeardAt: number | null;
  readonly why: SilenceCause;
}

/** What a proc mesh is told of its hosts. Nothing of it may throw. */
export interface ProcFeedListener {
  /** A proc of this mesh, as its host says it is. */
  reported(hostRank: number, report: ProcReport): void;
  /** An earlier report of a proc of this mesh, which has changed since: applied if it is later than what is known. */
  wasReported(hostRank: number, report: ProcReport): void;
  /** All of this mesh that the host has was reported just now. */
  snapshotTold(hostRank: number): void;
  /** The host is heard again, and all that changed meanwhile was reported. */
  caughtUp(hostRank: number): void;
  /** The host cannot be heard any more. */
  missed(hostRank: number, missed: MissedHost): void;
  /** The host that it was is given up: nothing more will be heard of its procs. */
  givenUp(hostRank: number, reason: string): void;
}

/**
 * Hands what a monitor hears of procs to the proc meshes that they belong to, and keeps what a later monitor resumes
 * from. The cursor of a host moves only once a change has been applied.
 */
export class ProcFeed {
  readonly #listeners = new Map<string, ProcFeedListener>();
  readonly #cursors = new Map<number, EventCursor>();
  /** By host rank, the hosts that cannot be heard now. */
  readonly #missed = new Map<number, MissedHost>();

  /** A mesh is told at once which hosts cannot be heard. At most one listener per mesh. */
  subscribe(procMeshId: string, listener: ProcFeedListener): void {
    this.#listeners.set(procMeshId, listener);
    for (const [hostRank, missed] of this.#missed) listener.missed(hostRank, missed);
  }

  /** Whether there is a proc mesh that listens. */
  get hasListeners(): boolean {
    return this.#listeners.size > 0;
  }

  unsubscribe(procMeshId: string): void {
    this.#listeners.delete(procMeshId);
  }

  listener(procMeshId: string): ProcFeedListener | undefined {
    return this.#listeners.get(procMeshId);
  }

  cursor(hostRank: number): EventCursor | null {
    return this.#cursors.get(hostRank) ?? null;
  }

  /** Every proc of the host as of `cursor`, and what they were before that, oldest first. */
  snapshot(
    hostRank: number,
    cursor: EventCursor,
    { past, procs }: { readonly past: readonly ProcReport[]; readonly procs: readonly ProcReport[] },
  ): void {
    this.#missed.delete(hostRank);
    for (const report of past) this.#listeners.get(report.procMeshId)?.wasReported(hostRank, report);
    for (const report of procs) this.reported(hostRank, report);
    this.#cursors.set(hostRank, cursor);
    for (const listener of this.#listeners.values()) listener.snapshotTold(hostRank);
  }

  reported(hostRank: number, report: ProcReport): void {
    this.#listeners.get(report.procMeshId)?.reported(hostRank, report);
  }

  /** All events up to `cursor` have been applied. */
  applied(hostRank: number, cursor: EventCursor): void {
    this.#cursors.set(hostRank, cursor);
  }

  caughtUp(hostRank: number): void {
    this.#missed.delete(hostRank);
    for (const listener of this.#listeners.values()) listener.caughtUp(hostRank);
  }

  missed(hostRank: number, missed: MissedHost): void {
    this.#missed.set(hostRank, missed);
    for (const listener of this.#listeners.values()) listener.missed(hostRank, missed);
  }

  /** Of the host that it was there is nothing to resume. */
  givenUp(hostRank: number, reason: string): void {
    this.#missed.delete(hostRank);
    this.#cursors.delete(hostRank);
    for (const listener of this.#listeners.values()) listener.givenUp(hostRank, reason);
  }
}
