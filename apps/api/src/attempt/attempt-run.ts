import type { Attempt } from '@hostmesh/contract';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import {
  askedBy,
  CONSOLE,
  type AttemptRecord,
  type Attempts,
  type ChangedBy,
  type FailureRecord,
  type FinishInUseFault,
  type Meshes,
} from '@hostmesh/db';
import { HostMesh, type PushFault, type PushOptions, type PushReport } from '@hostmesh/host-mesh';
import type { Owner, Transport } from '@hostmesh/protocol';
import { hostMeshIdOf } from '../agents/stored-names.ts';
import type { OwnedMeshes } from '../mesh/owned-meshes.ts';
import { admission, inUseFailure } from './admission.ts';
import { AttemptRows, type AttemptRowsDeps } from './attempt-rows.ts';
import type { AttemptTask, TaskHost } from './plan-attach.ts';
import type { Recovery } from './recovery.ts';

/** How the engine carries an attempt out, and what its success changes. */
export interface AttemptWork<Mesh> {
  /** Sends the snapshot; called once. */
  push(options: Pick<PushOptions, 'signal' | 'onProgress'>): Promise<Result<Mesh, PushFault | Fault>>;
  /** Records the success, which only succeeds when every host row is recorded as installed, and keeps the mesh. */
  attached(mesh: Mesh): Promise<Result<AttemptRecord, Fault>>;
  /** Lets go of what a success yielded that could not be recorded, once its hosts have been restored. */
  discard(mesh: Mesh): Promise<void>;
}

export interface WorkDeps {
  readonly attempts: Attempts;
  readonly meshes: Pick<Meshes, 'holders'>;
  readonly owned: OwnedMeshes;
  readonly transport: Transport;
  /** Who we are to the agents. */
  readonly client: Owner;
  /** Whose lease attempts are under. */
  readonly owner: string;
  readonly concurrency: number;
  /** A new id for a mesh of this name. */
  readonly newMeshId: (name: string) => string;
}

/** The work of a task: an attach, or a push to the hosts of a mesh. */
export const workOf = (deps: WorkDeps, task: AttemptTask, record: AttemptRecord): AttemptWork<HostMesh> =>
  task.meshId === undefined
    ? attachWork(deps, task, record)
    : pushWork(deps, { ...task, meshId: task.meshId }, record);

function attachWork(deps: WorkDeps, task: AttemptTask, record: AttemptRecord): AttemptWork<HostMesh> {
  const { attempts, owned, transport, client, owner } = deps;
  const id = deps.newMeshId(task.mesh);
  return {
    push: async (options) => {
      const addresses = task.hosts.map(({ address }) => address);
      return HostMesh.attach(hostMeshIdOf(id), addresses, {
        ...pushOptions(deps, task, record),
        ...options,
        admit: await admission(deps.meshes, task),
        transport,
        owner: client,
        extent: task.extent,
      });
    },
    attached: async (mesh) => {
      const success = { decidedAt: new Date(), mesh: { id, ref: mesh.ref.toString() } };
      const attached = await attempts.finishAttached(record.id, owner, success);
      if (!attached.ok) return attached;
      const { attempt, replacedMeshId, touchedMeshIds } = attached.value;
      owned.adopt(id, mesh);
      await owned.reread(touchedMeshIds);
      if (replacedMeshId !== null) owned.endReplaced(replacedMeshId);
      return ok(attempt);
    },
    discard: async (mesh) => {
      // A commit whose confirmation was lost has made the mesh after all.
      const attempt = await attempts.get(record.id);
      if (attempt?.state === 'attached') owned.adopt(id, mesh);
      else mesh.close();
    },
  };
}

function pushWork(
  deps: WorkDeps,
  task: AttemptTask & { readonly meshId: string },
  record: AttemptRecord,
): AttemptWork<HostMesh> {
  const { attempts, owned, owner } = deps;
  const { meshId } = task;
  return {
    push: async (options) => {
      const mesh = owned.get(meshId);
      if (mesh === undefined) {
        return fail({ code: 'not_watched', message: `mesh ${meshId} is looked after by another replica` });
      }
      const admit = await admission(deps.meshes, task);
      const all = { ...pushOptions(deps, task, record), ...options, admit };
      const ranks = new Set(task.hosts.flatMap(({ rank }) => rank ?? []));
      const result = await (task.kind === 'heal'
        ? mesh.heal(ranks, { ...all, abandoned: task.abandoned ?? [] })
        : mesh.pushConfig(all));
      return result.ok ? ok(mesh) : result;
    },
    attached: async () => {
      const attached = await attempts.finishAttached(record.id, owner, { decidedAt: new Date() });
      if (!attached.ok) return attached;
      await owned.reread([meshId, ...attached.value.touchedMeshIds]);
      await owned.refresh(meshId);
      return ok(attached.value.attempt);
    },
    // The engine's mesh believes in a config that its hosts were made to give up; after a heal they have what it believes.
    discard: () => (task.kind === 'heal' ? Promise.resolve() : owned.retake(meshId)),
  };
}

const pushOptions = (
  { concurrency }: WorkDeps,
  { snapshot, timeoutMs, waitForHostsMs, firstRanks }: AttemptTask,
  { epoch }: AttemptRecord,
) => ({
  snapshot,
  epoch,
  timeoutMs,
  waitForHostsMs,
  concurrency,
  ...(firstRanks && { first: firstRanks }),
});

export interface AttemptRunDeps extends Omit<AttemptRowsDeps, 'attempts' | 'onLost'> {
  readonly attempts: Pick<Attempts, 'saveHosts' | 'saveRestores' | 'finish'>;
  /** How long a database that does not answer is waited for once the hosts have. */
  readonly recordLimitMs: number;
  /** Settles an attempt that could not be recorded: later, and with its hosts asked to restore what they had. */
  readonly recovery: Pick<Recovery, 'settleLater'>;
}

/** What a run carries out. */
export interface RunTask {
  readonly record: AttemptRecord;
  readonly hosts: readonly Pick<TaskHost, 'text' | 'rank'>[];
  readonly work: AttemptWork<unknown>;
  /** Nothing is sent before this resolves. */
  readonly ready?: Promise<void>;
}

/** Why a running attempt is ended early. The first reason wins. */
type EndReason =
  /** By an operator. */
  | 'cancelled'
  /** Of a heal: somebody wants to do something else with the mesh, which goes first. */
  | 'made_way'
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
  | { readonly kind: 'ended'; readonly record: AttemptRecord }
  | { readonly kind: 'abandoned' };

/**
 * One attempt from the first byte to the last restore (design 7.4). Nothing of it belongs to the request that
 * asked for it: a caller may wait for `verdict`, and may go away.
 */
export class AttemptRun {
  readonly verdict: Promise<Verdict>;
  /** When every restore is recorded too, and nothing is left to do. */
  readonly settled: Promise<void>;
  readonly #deps: AttemptRunDeps;
  readonly #rows: AttemptRows;
  readonly #end = new AbortController();
  #reason: EndReason | null = null;
  #endedBy: ChangedBy = { by: CONSOLE, act: 'exit' };

  constructor({ record, hosts, work, ready }: RunTask, deps: AttemptRunDeps) {
    this.#deps = deps;
    this.#rows = new AttemptRows(record, hosts, { ...deps, onLost: () => this.end('taken_over') });
    const running = this.#run(work, ready);
    this.verdict = running.then(({ verdict }) => verdict);
    this.settled = running.then(
      ({ cleanup }) => cleanup,
      () => deps.recovery.settleLater(record),
    );
  }

  get id(): string {
    return this.#rows.record.id;
  }

  get mesh(): string {
    return this.#rows.record.mesh;
  }

  get isHeal(): boolean {
    return this.#rows.record.kind === 'heal';
  }

  /** The attempt as of now; ahead of what is recorded, never behind. */
  view(): Attempt {
    return this.#rows.view();
  }

  /** Ends it early, for somebody or because the console stops: hosts that have not installed fail as cancelled, the others are restored. */
  end(reason: EndReason, by: ChangedBy = this.#endedBy): void {
    if (this.#reason === null) [this.#reason, this.#endedBy] = [reason, by];
    this.#end.abort();
  }

  async #run(
    work: AttemptWork<unknown>,
    ready: Promise<void> | undefined,
  ): Promise<{ verdict: Verdict; cleanup: Promise<void> }> {
    const rows = this.#rows;
    rows.tell();
    if (ready !== undefined) await ready;
    const pushed = await work.push({
      signal: this.#end.signal,
      onProgress: (changes) => rows.hear(changes),
    });
    const pushedMs = Date.now() - rows.record.startedAt.getTime();
    const result = pushed.ok ? await this.#succeed(pushed.value, work) : await this.#fail(pushed.fault);
    this.#log(result.ok ? result.value.record.state : result.fault.code, pushedMs);
    if (result.ok) {
      const { record, cleanup } = result.value;
      rows.update(record);
      return { verdict: { kind: 'ended', record }, cleanup: cleanup() };
    }
    if (pushed.ok && isInUse(result.fault)) {
      const refused = await this.#refuse(result.fault);
      if (refused.ok) {
        rows.update(refused.value);
        return { verdict: { kind: 'ended', record: refused.value }, cleanup: this.#takeBack(pushed, work) };
      }
    }
    rows.fallSilent();
    this.#deps.log.error({ err: result.fault.cause, attemptId: this.id }, result.fault.message);
    return { verdict: { kind: 'abandoned' }, cleanup: this.#takeBack(pushed, work) };
  }

  async #succeed(mesh: unknown, work: AttemptWork<unknown>): Promise<Result<Ended, Fault>> {
    const recorded = await this.#rows.recordLast(this.#deps.recordLimitMs);
    if (!recorded.ok) return recorded;
    const attached = await tried(() => work.attached(mesh));
    return attached.ok ? ok({ record: attached.value, cleanup: () => Promise.resolve() }) : attached;
  }

  /** All hosts installed, and meanwhile another mesh has got some of them: they fail, and all have to be restored. */
  async #refuse({ ranks, inUse }: FinishInUseFault): Promise<Result<AttemptRecord, Fault>> {
    const { attempts, owner } = this.#deps;
    const failed = this.#rows.fail(ranks, inUseFailure(inUse.meshes));
    const saved = await tried(() => attempts.saveHosts(this.id, owner, failed));
    if (!saved.ok) return saved;
    const unfinished = { kind: 'CastFailed', message: 'other meshes use some of the hosts' };
    return tried(() =>
      attempts.finish(this.id, owner, {
        state: 'failed',
        unfinished,
        decidedAt: new Date(),
        endedBy: askedBy(this.#rows.record),
      }),
    );
  }

  async #fail(fault: PushFault | Fault): Promise<Result<Ended, Fault>> {
    const { attempts, owner, recordLimitMs } = this.#deps;
    const recorded = await this.#rows.recordLast(recordLimitMs);
    if (!recorded.ok) return recorded;
    // Recorded as pending just now: from here on only `saveRestores` can tell what became of them.
    const asked = this.#rows.restoring;
    const ending = { ...this.#ending(fault), decidedAt: new Date() };
    const ended = await tried(() => attempts.finish(this.id, owner, ending));
    if (!ended.ok) return ended;
    // Nobody was asked: that is how each host failed, as it is recorded.
    if (!('report' in fault)) this.#rows.failRest(ending.unfinished);
    const cleanup =
      'cleanup' in fault ? () => this.#recordRestores(asked, fault.cleanup) : () => Promise.resolve();
    return ok({ record: ended.value, cleanup });
  }

  #ending(fault: Fault): {
    state: 'failed' | 'cancelled' | 'interrupted';
    reason?: string;
    unfinished: FailureRecord;
    endedBy: ChangedBy;
  } {
    const endedBy = this.#endedBy;
    const untried = 'not tried, because a host that was to install first did not';
    const unfinished = { kind: 'CastFailed', message: 'report' in fault ? untried : fault.message };
    // Hosts may have failed before we could end it.
    if (fault.code !== 'cancelled')
      return { state: 'failed', unfinished, endedBy: askedBy(this.#rows.record) };
    if (this.#reason === 'cancelled') return { state: 'cancelled', unfinished, endedBy };
    if (this.#reason === 'made_way')
      return {
        state: 'cancelled',
        reason: 'Something that was asked for on the mesh went first',
        unfinished,
        endedBy,
      };
    return { state: 'interrupted', reason: 'The API was stopped', unfinished, endedBy };
  }

  /** Never rejects. */
  async #takeBack(pushed: Result<unknown, Fault>, work: AttemptWork<unknown>): Promise<void> {
    await this.#deps.recovery.settleLater(this.#rows.record);
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
    const { attempts, owner, log, recovery } = this.#deps;
    const saved = await tried(() => attempts.saveRestores(this.id, owner, restores));
    if (saved.ok) return this.#rows.update(saved.value);
    this.#rows.tell();
    log.error({ err: saved.fault.cause, attemptId: this.id }, saved.fault.message);
    await recovery.settleLater(this.#rows.record);
  }

  #log(outcome: string, pushedMs: number): void {
    const { kind, mesh, startedAt } = this.#rows.record;
    this.#deps.log.info({
      event: 'attempt',
      attemptId: this.id,
      kind,
      mesh,
      outcome,
      reason: this.#reason ?? undefined,
      ...this.#rows.count(),
      pushedMs,
      durationMs: Date.now() - startedAt.getTime(),
    });
  }
}

const isInUse = (fault: Fault): fault is FinishInUseFault => fault.code === 'hosts_in_use';

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
