import { encodeRequest, type ProcSpec } from '@hostmesh/protocol';
import { printCallFault, type CallFault } from '../call/call-fault.ts';
import { HostCalls, type CallOutcome } from '../call/host-calls.ts';
import { splitSpecs } from '../call/request-parts.ts';
import { lastOf } from '../proc/proc-view.ts';
import type { ProcController } from '../supervise/proc-controller.ts';
import type { ProcDeps } from '../supervise/proc-deps.ts';
import type { SpawnFault } from './spawn-outcome.ts';
import type { PlannedProc, SpawnPlan } from './spawn-plan.ts';
import { SpawnProgress } from './spawn-progress.ts';

/** What a spawn came to. */
export type SpawnVerdict = 'ready' | SpawnFault['code'];

/** How long a spawn goes on after its first failure, so that ranks that fail for the same reason are named together. */
const GATHER_MS = 500;
/** How many hosts are begun with in one turn of the event loop. */
const TURN_SIZE = 50;

/**
 * Carries one spawn out, up to its verdict: sends every host its procs, asks again where the answer was lost, and follows
 * the controller until all ranks are ready, one has failed, or time is over. It leaves the procs as they are.
 */
export class SpawnRun {
  readonly #plan: SpawnPlan;
  readonly #controller: ProcController;
  readonly #deps: ProcDeps;
  readonly #signal: AbortSignal;
  readonly #progress: SpawnProgress;
  readonly #calls: HostCalls;
  readonly #verdict = Promise.withResolvers<SpawnVerdict>();
  readonly #sends: Promise<void>[] = [];
  #cancelGathering: (() => void) | null = null;
  /** Ranks that their hosts were not asked to start. */
  readonly #unsent: Set<number>;
  /** The same for all of its procs, whatever is pushed meanwhile. */
  readonly #configDigest: string | null;
  readonly #givenUp = new Map<number, string>();
  #isOver = false;

  constructor(plan: SpawnPlan, controller: ProcController, deps: ProcDeps, signal: AbortSignal) {
    this.#plan = plan;
    this.#controller = controller;
    this.#deps = deps;
    this.#signal = signal;
    this.#configDigest = deps.configDigest();
    this.#progress = new SpawnProgress(plan.procs.length);
    this.#unsent = new Set(plan.procs.map(({ rank }) => rank));
    this.#calls = new HostCalls({
      ...deps,
      timeoutMs: plan.timeoutMs,
      signal,
      // A host that cannot be reached has failed; one that was reached may have started procs, and is asked again.
      retry: { random: deps.random, isOfUnreachable: false },
    });
  }

  /** Runs the spawn, once. */
  async run(): Promise<SpawnVerdict> {
    const { clock } = this.#deps;
    const stopWatching = this.#controller.watch(({ after, transition: { rank } }) => {
      this.#progress.step(rank, after);
      this.#judge();
    });
    const cancelTimer = clock.after(this.#plan.timeoutMs, () => this.#outOfTime());
    this.#signal.addEventListener('abort', this.#cancel);
    if (this.#signal.aborted) this.#cancel();
    const begun = this.#sendAll();
    const verdict = await this.#verdict.promise;
    stopWatching();
    this.#signal.removeEventListener('abort', this.#cancel);
    cancelTimer();
    this.#cancelGathering?.();
    this.#calls.end();
    // After the end of the calls no further request goes out: what is unsent now stays so.
    await begun;
    await Promise.all(this.#sends);
    return verdict;
  }

  /** In order: the ranks that have failed, and after the deadline those that were not ready. */
  failedRanks(verdict: SpawnVerdict): readonly number[] {
    return this.#progress.ranksThat(verdict === 'proc_spawn_failed' ? 'pending' : 'failed');
  }

  /** Why the host of a rank cannot be asked what became of it; null when it can. */
  giveUpReason(rank: number): string | null {
    return this.#givenUp.get(rank) ?? null;
  }

  /** Ranks that may have been started. */
  get sentRanks(): readonly number[] {
    return this.#plan.procs.flatMap(({ rank }) => (this.#unsent.has(rank) ? [] : [rank]));
  }

  /** The others. */
  get unsentRanks(): Iterable<number> {
    return this.#unsent;
  }

  readonly #cancel = (): void => this.#end('cancelled');

  #end(verdict: SpawnVerdict): void {
    this.#isOver = true;
    this.#verdict.resolve(verdict);
  }

  #judge(): void {
    if (this.#isOver) return;
    const { failed, settled } = this.#progress;
    if (settled) return this.#end(failed > 0 ? 'proc_creation_failed' : 'ready');
    if (failed > 0)
      this.#cancelGathering ??= this.#deps.clock.after(GATHER_MS, () => this.#end('proc_creation_failed'));
  }

  #outOfTime(): void {
    if (this.#isOver) return;
    if (this.#progress.failed > 0) return this.#end('proc_creation_failed');
    this.#end('proc_spawn_failed');
    const { timeoutMs } = this.#plan;
    const at = this.#deps.clock.wallNow();
    for (const rank of this.#progress.ranksThat('pending'))
      this.#controller.apply(rank, { kind: 'deadline_passed', afterMs: timeoutMs, at });
  }

  async #sendAll(): Promise<void> {
    const byHost = Map.groupBy(this.#plan.procs, ({ hostRank }) => hostRank);
    let begun = 0;
    for (const [hostRank, procs] of byHost) {
      if (this.#isOver) return;
      this.#sends.push(this.#send(hostRank, procs));
      begun += 1;
      // What the first hosts answer is read before the last is asked, however many there are.
      if (begun % TURN_SIZE === 0) await new Promise<void>((next) => this.#deps.clock.nextTurn(next));
    }
  }

  async #send(hostRank: number, procs: readonly PlannedProc[]): Promise<void> {
    const target = this.#deps.targets[hostRank];
    if (target === undefined) throw new RangeError(`no such host rank: ${hostRank}`);
    for (const specs of splitSpecs(procs.map(({ spec }) => spec))) {
      if (this.#isOver) return;
      // From here on the request may be on its way at any time.
      for (const { rank } of specs) this.#unsent.delete(rank);
      const outcome = await this.#calls.call(target, this.#request(specs));
      if (!outcome.ok && !outcome.sent) for (const { rank } of specs) this.#unsent.add(rank);
      if (!this.#takeNote(hostRank, specs, outcome)) return;
    }
  }

  #request(procs: readonly ProcSpec[]) {
    const { links, owner, hostMeshId } = this.#deps;
    const { keep, ttlMs } = this.#plan;
    return encodeRequest({
      type: 'spawn_procs',
      id: links.nextRequestId('spawn'),
      procMeshId: this.#controller.procMeshId,
      hostMeshId,
      owner,
      procs: [...procs],
      configDigest: this.#configDigest,
      keep,
      ttlMs,
    });
  }

  /** What its host said of these procs; false when it is not to be asked for more. */
  #takeNote(hostRank: number, specs: readonly ProcSpec[], outcome: CallOutcome<'spawn_procs'>): boolean {
    if (outcome.ok) {
      for (const report of outcome.answer.procs) this.#controller.reported(hostRank, report);
      return true;
    }
    if (outcome.fault.kind === 'timed_out' || outcome.fault.kind === 'cancelled') return false;
    const at = this.#deps.clock.wallNow();
    if (outcome.fault.kind === 'refused' || !outcome.sent) {
      const reason = refusalOf(outcome.fault);
      for (const { rank } of specs) this.#controller.apply(rank, { kind: 'refused', reason, at });
    } else {
      for (const { rank } of specs) this.#giveUp(rank, outcome.fault, at);
    }
    return false;
  }

  /** The host may have started it, and cannot be asked. */
  #giveUp(rank: number, fault: CallFault, at: number): void {
    if (this.#isOver || lastOf(this.#controller.board.view(rank)) !== null) return;
    this.#givenUp.set(rank, `its host cannot be reached any more: ${printCallFault(fault)}`);
    this.#controller.apply(rank, { kind: 'host_missed', why: 'silent', at });
    this.#progress.giveUp(rank);
    this.#judge();
  }
}

function refusalOf(fault: CallFault): string {
  return fault.kind === 'refused'
    ? `could not start: ${fault.fault.message} (${fault.fault.code})`
    : `could not start: its host cannot be reached: ${printCallFault(fault)}`;
}
