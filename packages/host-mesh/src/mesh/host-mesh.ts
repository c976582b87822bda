import {
  fail,
  ok,
  printHostMeshId,
  type ChannelAddress,
  type ConfigAttrs,
  type Extent,
  type HostMeshId,
  type Result,
} from '@hostmesh/core';
import type { Owner, Transport } from '@hostmesh/protocol';
import { systemClock, type Clock } from '../clock/clock.ts';
import { HostLinks } from '../links/host-links.ts';
import { DEFAULT_CONCURRENCY } from '../links/reach.ts';
import type { HostMonitor, MonitorOptions } from '../monitor/host-monitor.ts';
import type { ProcMesh } from '../proc-mesh/proc-mesh.ts';
import type { KnownProcMesh } from '../proc/known-proc.ts';
import type { ProcListeners } from '../proc/proc-observation.ts';
import { pushConfig } from '../push/push-config.ts';
import type { PushFault, PushOptions } from '../push/push-options.ts';
import { keysWithoutEffect, type PushReport } from '../push/push-report.ts';
import { HostMeshRef, type CardinalityFault } from '../ref/host-mesh-ref.ts';
import type { SpawnRefusal } from '../spawn/spawn-procs.ts';
import type { SpawnFault, SpawnOptions } from '../spawn/spawn-outcome.ts';
import type { SpawnPlan } from '../spawn/spawn-plan.ts';
import {
  DRAIN_SHARE,
  END_TIMEOUT_MS,
  shutDownHosts,
  stopHosts,
  type EndHostsOptions,
  type EndOptions,
  type HostEndOutcome,
} from './end-hosts.ts';
import { HostMeshShutdownGuard, type GuardOptions } from './shutdown-guard.ts';
import { Supervision } from './supervision.ts';

/** Options of `HostMesh.attach`. */
export interface AttachOptions extends PushOptions {
  /** Shape of the mesh; `hosts=N` when absent. Its ranks are the addresses, in order. */
  readonly extent?: Extent;
}

/** Why an attach failed; it never leaves a mesh behind (rule HM-2, reference section 5.4). */
export type AttachFault = PushFault | CardinalityFault;

/** What a mesh keeps of the options that it was made with. */
export interface TakeOptions {
  readonly transport: Transport;
  readonly owner: Owner;
  /** Digest of the config that the hosts are to hold; null when none was pushed. */
  readonly digest: string | null;
  /** The config with that digest, for the time that things may take; defaults of the keys when absent. */
  readonly attrs?: ConfigAttrs;
  readonly concurrency?: number;
  /** The hosts that the ranks are, as far as they are known: nobody else is taken in their place. */
  readonly hostIds?: readonly (string | null)[];
  /** For tests; the system's clock when absent. */
  readonly clock?: Clock;
  /** For tests; in [0, 1). */
  readonly random?: () => number;
}

/** Options of another push to a mesh; transport and owner are the mesh's. */
export type PushAgainOptions = Omit<PushOptions, 'transport' | 'owner' | 'clock' | 'random'>;

/**
 * Hosts that we own: their config is ours, their connections are open, and ending them is ours to do (reference
 * section 5). A mesh that is merely forgotten keeps its connections; `stop`, `shutdown` or `close` ends them.
 */
export class HostMesh {
  readonly ref: HostMeshRef;
  /** What the attach came to; null for a mesh that was taken. */
  readonly report: PushReport | null;
  readonly #options: Required<Omit<TakeOptions, 'digest' | 'attrs' | 'hostIds'>>;
  readonly #links: HostLinks;
  readonly #supervision: Supervision;
  /** Cancels pushes and spawns that run when the mesh is ended. */
  readonly #over = new AbortController();
  /** What must be over, or cleaned up, before connections are closed. */
  readonly #works = new Set<Promise<unknown>>();
  #digest: string | null;
  /** Of the latest push. */
  #epoch = 0;
  /** Settles when no push runs and what the last one left behind is cleaned up. */
  #pushed: Promise<unknown> = Promise.resolve();
  #ending: Promise<readonly HostEndOutcome[]> | null = null;

  private constructor(ref: HostMeshRef, report: PushReport | null, links: HostLinks, options: TakeOptions) {
    const { transport, owner, digest, attrs = {}, concurrency = DEFAULT_CONCURRENCY } = options;
    const { clock = systemClock, random = Math.random } = options;
    this.ref = ref;
    this.report = report;
    this.#options = { transport, owner: ownerFor(ref, owner), concurrency, clock, random };
    this.#links = links;
    this.#digest = digest;
    const deps = { ...this.#options, links, configDigest: () => this.#digest };
    this.#supervision = new Supervision(ref, deps, listOf([digest]), attrs);
  }

  /**
   * Pushes the snapshot to the agents at `addresses` and takes ownership, all or none: rules HM-1 to HM-4 of
   * reference section 5.4. A mesh is returned only when every host has acknowledged the digest that was sent; a
   * failure names exactly the hosts that did not, and no connection outlives its `cleanup`.
   */
  static async attach(
    id: HostMeshId,
    addresses: readonly ChannelAddress[],
    options: AttachOptions,
  ): Promise<Result<HostMesh, AttachFault>> {
    const ref = HostMeshRef.fromAddresses(id, addresses, options.extent);
    return ref.ok ? HostMesh.attachRef(ref.value, options) : fail(ref.fault);
  }

  /** As `attach`, for hosts that are described already, explicit service procs included (reference section 5.1). */
  static async attachRef(ref: HostMeshRef, options: PushOptions): Promise<Result<HostMesh, PushFault>> {
    const links = new HostLinks();
    const owner = ownerFor(ref, options.owner);
    const pushed = await pushConfig('attach', ref.targets, links, { ...options, owner });
    if (!pushed.ok) {
      void pushed.fault.cleanup.then(() => links.closeAll());
      return pushed;
    }
    return ok(new HostMesh(ref, pushed.value, links, { ...options, ...options.snapshot }));
  }

  /** Takes ownership of hosts that hold our config already; without network traffic (reference section 5.1). */
  static take(ref: HostMeshRef, options: TakeOptions): HostMesh {
    return new HostMesh(ref, null, new HostLinks(options.hostIds), options);
  }

  /** Whether `stop`, `shutdown` or `close` has been called. */
  get ended(): boolean {
    return this.#ending !== null;
  }

  /**
   * Pushes again, over the connections that are open, to all hosts or none: when it fails, hosts get back the
   * config of before. Of two pushes at a time the one with the smaller epoch fails; ending the mesh cancels both.
   */
  async pushConfig(options: PushAgainOptions): Promise<Result<PushReport, PushFault>> {
    const { epoch, snapshot } = options;
    this.#expect([this.#digest, snapshot.digest]);
    const signal = AbortSignal.any([this.#over.signal, ...(options.signal ? [options.signal] : [])]);
    const all = { ...options, ...this.#options, signal, isOvertaken: this.#begun(epoch) };
    const result = await this.#untilClean(pushConfig('push', this.ref.targets, this.#links, all));
    if (result.ok) {
      this.#digest = snapshot.digest;
      const { hosts } = result.value;
      this.#supervision.pushed(snapshot.attrs, (rank) => ({
        digest: snapshot.digest,
        epoch: hosts[rank]?.epoch ?? epoch,
        owner: this.#options.owner,
        withoutEffect: keysWithoutEffect(hosts[rank]),
      }));
    }
    this.#expect([this.#digest]);
    return result;
  }

  /**
   * Sends the mesh's config again to hosts that have lost it, each for itself: those that install it keep it, whatever
   * becomes of the others. A host that somebody has taken over meanwhile refuses.
   */
  async heal(
    ranks: ReadonlySet<number>,
    options: PushAgainOptions & Pick<PushOptions, 'abandoned'>,
  ): Promise<Result<PushReport, PushFault>> {
    const signal = AbortSignal.any([this.#over.signal, ...(options.signal ? [options.signal] : [])]);
    const targets = this.ref.targets.filter(({ rank }) => ranks.has(rank));
    const isOvertaken = this.#begun(options.epoch);
    const all = { ...options, ...this.#options, signal, isOvertaken, healing: true };
    return this.#untilClean(pushConfig('heal', targets, this.#links, all));
  }

  /**
   * Starts the procs of a plan that was made for this mesh's ref, and waits until all are ready (reference section 9).
   * When one is not, everything that was started is stopped again before the result says so. The listeners are told
   * of every change until the proc mesh is closed, that is also while the spawn runs.
   */
  async spawn(plan: SpawnPlan, options: SpawnOptions = {}): Promise<Result<ProcMesh, SpawnFault>> {
    const signal = AbortSignal.any([this.#over.signal, ...(options.signal ? [options.signal] : [])]);
    // Started between two configs, procs of one mesh would not have the same.
    const spawning = this.#pushed.then(() => this.#supervision.spawn(plan, options, signal));
    return this.#work(spawning);
  }

  /** What hosts say stands against a plan; asks each of them and starts nothing. Takes 2 s at most. */
  askWhetherSpawnable(plan: SpawnPlan): Promise<readonly SpawnRefusal[]> {
    return this.#supervision.askWhetherSpawnable(plan, this.#over.signal);
  }

  /** Looks after procs that run already, from what was recorded of them; nothing is started. */
  resumeProcs(record: KnownProcMesh, listeners: ProcListeners = {}): ProcMesh {
    return this.#supervision.resume(record, listeners);
  }

  /** Starts watching the hosts over the mesh's own connections; it ends with the mesh. At most one at a time. */
  watch(options: MonitorOptions = {}): HostMonitor {
    return this.#supervision.watch(options);
  }

  /**
   * Gives the hosts back: the procs of this mesh are ended, while hosts, their agents and their config stay, and can be
   * attached again. Once a mesh has been ended, by whichever method, the others give the outcome of that.
   */
  stop(options: EndOptions = {}): Promise<readonly HostEndOutcome[]> {
    const id = printHostMeshId(this.ref.id);
    return this.#end((ends) => stopHosts(this.ref.targets, id, ends), options, 1);
  }

  /** Takes the hosts out of service, after all of them have drained (reference section 5.2). */
  shutdown(options: EndOptions = {}): Promise<readonly HostEndOutcome[]> {
    const { clientId } = this.#options.owner;
    const isOurs = (holder: Owner) => holder.clientId === clientId || options.evenIfTakenOver === true;
    return this.#end((ends) => shutDownHosts(this.ref.targets, isOurs, ends), options, DRAIN_SHARE);
  }

  /** Shuts the mesh down when the guard's scope ends, unless it has been ended by then (reference section 5.3). */
  shutdownGuard(options: GuardOptions = {}): HostMeshShutdownGuard {
    return new HostMeshShutdownGuard(this, options);
  }

  /** Ends the watching and the connections, and tells the hosts nothing. */
  close(): void {
    if (this.#works.size === 0) this.#supervision.close();
    void this.#end(() => Promise.resolve([]), {}, 1);
  }

  /** `drainShare` is the part of the total deadline that hosts have for ending procs. */
  #end(
    end: (options: EndHostsOptions) => Promise<readonly HostEndOutcome[]>,
    { timeoutMs, signal }: EndOptions,
    drainShare: number,
  ): Promise<readonly HostEndOutcome[]> {
    this.#over.abort();
    const supervision = this.#supervision;
    if (!supervision.hasProcs) supervision.close();
    this.#ending ??= Promise.all(this.#works)
      .then(() => {
        const allMs = timeoutMs ?? Math.max(END_TIMEOUT_MS, supervision.drainBarrierMs() / drainShare);
        const { feed } = supervision;
        return end({ ...this.#options, links: this.#links, feed, timeoutMs: allMs, signal });
      })
      .finally(() => {
        supervision.close();
        this.#links.closeAll();
      });
    return this.#ending;
  }

  /** A push with this epoch begins; tells whether a later one has begun since. */
  #begun(epoch: number): () => boolean {
    this.#epoch = Math.max(this.#epoch, epoch);
    return () => this.#epoch > epoch;
  }

  /** Keeps the mesh from being ended, and its connections from being closed, under a push and its cleaning up. */
  #untilClean(push: Promise<Result<PushReport, PushFault>>): Promise<Result<PushReport, PushFault>> {
    const release = this.#links.hold();
    const clean = push.then(
      (result) => (result.ok ? null : result.fault.cleanup),
      () => null, // A bug, which the caller of the push is told.
    );
    void this.#work(clean).then(release);
    this.#pushed = Promise.all([this.#pushed, clean]);
    return push;
  }

  /** Makes the end of the mesh wait for this work, which may not be cut off. */
  #work<T>(work: Promise<T>): Promise<T> {
    const over = work.then(
      () => undefined,
      () => undefined, // A bug, which the caller is told.
    );
    this.#works.add(over);
    void over.then(() => this.#works.delete(over));
    return work;
  }

  #expect(digests: readonly (string | null)[]): void {
    this.#supervision.expect(listOf(digests));
  }
}

/** Hosts are told for which mesh a config is, too: a client may have several. */
const ownerFor = (ref: HostMeshRef, owner: Owner): Owner => ({
  ...owner,
  hostMeshId: printHostMeshId(ref.id),
});

const listOf = (digests: readonly (string | null)[]): string[] => digests.filter((digest) => digest !== null);
