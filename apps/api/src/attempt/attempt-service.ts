import type { Attempt, PushConfigRequest, RetryRequest } from '@hostmesh/contract';
import { assertNever, fail, ok, pauseFor, type ConfigAttrs } from '@hostmesh/core';
import {
  CONSOLE,
  type AttemptRecord,
  type CreateAttemptFault,
  type OwnerLease,
  type Meshes,
} from '@hostmesh/db';
import type { EpochSource } from '@hostmesh/host-mesh';
import { storedAddress } from '../agents/stored-names.ts';
import { collectBatches } from '../async/batches.ts';
import { Runs } from '../async/runs.ts';
import { changedBy, type Actor, type AuditLog } from '../audit/audit-log.ts';
import type { Idempotency } from '../http/idempotency.ts';
import { newId } from '../id/random-id.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { notFound, refuse, type RouteResult } from '../problem/route-fault.ts';
import { AttemptRun, workOf, type AttemptRunDeps, type WorkDeps } from './attempt-run.ts';
import { storedAttempt } from './attempt-view.ts';
import { costSentences, placeRefusal } from './place-text.ts';
import { planPush, type AttemptTask } from './plan-attach.ts';
import { planRetry } from './plan-retry.ts';
import type { Recovery } from './recovery.ts';

export interface AttemptServiceDeps extends WorkDeps, Omit<AttemptRunDeps, 'attempts'> {
  readonly meshes: Meshes;
  /** The values of a stored snapshot. */
  readonly attrsOf: (digest: string) => Promise<ConfigAttrs>;
  readonly lease: OwnerLease;
  readonly recovery: Recovery;
  readonly epochs: EpochSource;
  readonly audit: AuditLog;
  readonly metrics: Metrics;
}

/** Hosts that are healed were heard a moment ago. */
const HEAL_TIMEOUT = '10s';

/** A little more than the time that hosts are given to restore what they had: how long anybody waits for that. */
export const CLEAN_UP_MS = 6000;

/** An attempt that a request started, or that an earlier request with the same idempotency key did. */
export interface Started {
  readonly record: AttemptRecord;
  /** Absent when it does not run here, or no longer. */
  readonly run: AttemptRun | undefined;
}

/**
 * Starts attempts and owns those that run in this process: requests come and go, attempts end when they have a
 * verdict. Each is stored with all its hosts before anything is sent.
 */
export class AttemptService {
  readonly #deps: AttemptServiceDeps;
  readonly #runs = new Runs<AttemptRun>();

  constructor(deps: AttemptServiceDeps) {
    this.#deps = deps;
  }

  /** What runs here now. */
  get runs(): readonly AttemptRun[] {
    return this.#runs.all;
  }

  /** Stores a task with all its hosts, and only then begins. */
  async start(actor: Actor, task: AttemptTask, idempotency: Idempotency): Promise<RouteResult<Started>> {
    if (this.#runs.isStopping) {
      return refuse('shutting_down', 'The API is shutting down; ask again in a moment.');
    }
    return this.#runs.begin(() => this.#start(actor, task, idempotency));
  }

  /**
   * Pushes again to a mesh what it was last given, changed by the request's values: its hosts end up with one
   * config, whatever the API's own has become meanwhile.
   */
  async push(
    actor: Actor,
    meshId: string,
    request: PushConfigRequest,
    idempotency: Idempotency,
  ): Promise<RouteResult<Started>> {
    const { meshes, attrsOf } = this.#deps;
    const mesh = await meshes.get(meshId);
    if (mesh === undefined) return notFound(`mesh ${meshId}`);
    const base = await attrsOf(mesh.configDigest);
    const terms = planPush(request, base);
    if (!terms.ok) return terms;
    const rows = await collectBatches(meshes.readHosts(meshId));
    const hosts = rows.map(({ address, hostId }) => ({
      address: storedAddress(address),
      text: address,
      hostId,
    }));
    const { name, extent } = mesh;
    const takeOver = request.takeOver ?? false;
    const task: AttemptTask = { kind: 'push', mesh: name, meshId, hosts, extent, takeOver, ...terms.value };
    return this.start(actor, task, idempotency);
  }

  /**
   * Sends what a mesh was last given to hosts of it that have lost it, in the console's own name. As an attempt is always one thing
   * at a time on a mesh, whatever else is asked for there goes first: see `makeWay`.
   */
  async heal(
    meshId: string,
    ranks: readonly number[],
    abandoned: readonly string[],
  ): Promise<RouteResult<Started>> {
    const { meshes, attrsOf } = this.#deps;
    const mesh = await meshes.get(meshId);
    if (mesh === undefined) return notFound(`mesh ${meshId}`);
    const base = await attrsOf(mesh.configDigest);
    const terms = planPush({ timeout: HEAL_TIMEOUT }, base);
    if (!terms.ok) return terms;
    const wanted = new Set(ranks);
    const rows = await collectBatches(meshes.readHosts(meshId));
    const hosts = rows.flatMap(({ rank, address, hostId }) =>
      wanted.has(rank) ? [{ address: storedAddress(address), text: address, hostId, rank }] : [],
    );
    const { name, extent } = mesh;
    const task: AttemptTask = { kind: 'heal', mesh: name, meshId, hosts, extent, abandoned, ...terms.value };
    return this.start({ name: CONSOLE, requestId: newId('att'), act: 'heal' }, task, undefined);
  }

  /** Ends a heal that runs on the mesh of this name for what somebody asks for there, and resolves when it has ended. */
  async makeWay(mesh: string, { name }: Pick<Actor, 'name'>): Promise<void> {
    const heals = this.runs.filter((run) => run.isHeal && run.mesh === mesh);
    for (const run of heals) run.end('made_way', { by: name, act: 'make_way' });
    await Promise.all(heals.map((run) => run.settled));
  }

  async retry(
    actor: Actor,
    parentId: string,
    request: RetryRequest,
    idempotency: Idempotency,
  ): Promise<RouteResult<Started>> {
    const { attempts } = this.#deps;
    const parent = await attempts.get(parentId);
    if (parent === undefined) return notFound(`attempt ${parentId}`);
    const attrs = await this.#deps.attrsOf(parent.configDigest);
    const task = planRetry(parent, await attempts.targets(parentId), attrs, request);
    return task.ok ? this.start(actor, task.value, idempotency) : task;
  }

  /** Ends a running attempt, and resolves with what became of it: `isHasty` as soon as it has ended. */
  async cancel(actor: Actor, id: string, isHasty: boolean): Promise<RouteResult<Attempt>> {
    const record = await this.#deps.attempts.get(id);
    if (record === undefined) return notFound(`attempt ${id}`);
    if (record.state !== 'running') {
      return refuse('attempt_not_running', `Attempt ${id} is ${record.state} already.`);
    }
    const run = this.#runs.get(id);
    if (run === undefined) {
      return refuse('attempt_not_running', `Attempt ${id} runs in another replica of the API.`);
    }
    run.end('cancelled', changedBy(actor));
    await this.#deps.audit.record(actor, 'attempt.cancel', id, 'accepted');
    await run.verdict;
    if (!isHasty) await this.cleanedUp(run);
    const attempt = await this.view(id);
    return attempt === undefined ? notFound(`attempt ${id}`) : ok(attempt);
  }

  /** The attempt as recorded, or as of now while it runs here. */
  async view(id: string): Promise<Attempt | undefined> {
    const { attempts } = this.#deps;
    const record = await attempts.get(id);
    if (record === undefined) return undefined;
    const run = this.#runs.get(id);
    // What could not be recorded stays as it is here, and is settled there.
    const isAhead = record.state === 'running' || record.state === run?.view().state;
    return run !== undefined && record.settledAt === null && isAhead
      ? run.view()
      : storedAttempt(attempts, record);
  }

  /** Resolves when it is known what is left on the hosts of an attempt, and soon in any case. */
  cleanedUp(run: AttemptRun): Promise<void> {
    return within(CLEAN_UP_MS, run.settled);
  }

  /** Ends those of `runs` that this replica no longer holds the lease of. */
  dropLost(held: ReadonlySet<string>, runs: readonly AttemptRun[]): void {
    for (const run of runs) if (!held.has(run.id)) run.end('taken_over');
  }

  /**
   * Starts nothing more, gives what runs `graceMs` to end by itself, then ends it. Resolves once every attempt has
   * its verdict.
   */
  stop(graceMs: number): Promise<void> {
    return this.#runs.stop(graceMs);
  }

  /** Resolves once what became of every host that was to be restored is recorded. */
  async settled(): Promise<void> {
    await Promise.all(this.runs.map((run) => run.settled));
  }

  async #start(actor: Actor, task: AttemptTask, idempotency: Idempotency): Promise<RouteResult<Started>> {
    const { attempts, epochs, lease, audit } = this.#deps;
    const { hosts, snapshot, ...terms } = task;
    if (task.kind !== 'heal') await this.makeWay(task.mesh, actor);
    const created = await attempts.create({
      ...terms,
      addresses: hosts.map(({ text }) => text),
      ...(task.kind === 'heal' && { ranks: hosts.flatMap(({ rank }) => rank ?? []) }),
      hostIds: hosts.flatMap(({ hostId }) => hostId ?? []),
      snapshot: { digest: snapshot.digest, json: snapshot.json },
      id: newId('att'),
      epoch: epochs.next(),
      requestedBy: actor.name,
      ...(idempotency && { idempotency }),
      startedAt: new Date(),
      lease,
    });
    if (!created.ok) return refused(created.fault);
    const { attempt: record } = created.value;
    if (!created.value.created) return ok({ record, run: this.#runs.get(record.id) });
    const run = this.#run(actor, placed(task, record), record);
    await audit.record(actor, record.kind, `${task.mesh} ${record.id}`, 'started');
    return ok({ record, run });
  }

  #run(actor: Actor, task: AttemptTask, record: AttemptRecord): AttemptRun {
    const { audit, metrics, log } = this.#deps;
    const work = workOf(this.#deps, task, record);
    const ready = this.#hostsFree(task.mesh);
    const run = new AttemptRun({ record, hosts: task.hosts, work, ready }, this.#deps);
    this.#runs.add(run);
    const watch = async () => {
      const verdict = await run.verdict;
      const outcome = verdict.kind === 'ended' ? verdict.record.state : verdict.kind;
      const { installed, failed } = run.view().counts;
      metrics.attemptEnded(record.kind, outcome, (Date.now() - record.startedAt.getTime()) / 1000, {
        installed,
        failed,
      });
      const { ended, tookOver } = run.view();
      await audit.record(
        actor,
        `${record.kind}.ended`,
        `${record.mesh} ${record.id}`,
        [outcome, ...costSentences({ ended, tookOver })].join('. '),
      );
      await run.settled;
    };
    watch()
      .catch((err: unknown) => log.fatal({ err, attemptId: record.id }, 'an attempt ended in a bug'))
      .finally(() => this.#runs.delete(record.id));
    return run;
  }

  /**
   * Resolves when hosts of earlier attempts on the mesh have been restored, or nobody tries any longer. An agent
   * remembers one layer: pushed to before that, it would hold on to a failed attempt's config as the one to go back to.
   */
  async #hostsFree(mesh: string): Promise<void> {
    const earlier = this.runs.filter((run) => run.mesh === mesh).map((run) => run.settled);
    await within(CLEAN_UP_MS, Promise.all([...earlier, this.#deps.recovery.settled(mesh)]));
  }
}

/** An attach in the place of a mesh that has the same hosts has become a push to it. */
const placed = (task: AttemptTask, { kind, meshId }: AttemptRecord): AttemptTask =>
  kind === 'attach' || meshId === null ? task : { ...task, kind, meshId };

function refused(fault: CreateAttemptFault) {
  switch (fault.code) {
    case 'idempotency_conflict':
      return refuse(
        'idempotency_conflict',
        `The key came with another request, which made ${fault.attemptId}.`,
        {
          attemptId: fault.attemptId,
        },
      );
    case 'mesh_busy':
      return refuse(
        'mesh_busy',
        `${fault.message}.`,
        fault.attemptId === null ? {} : { attemptId: fault.attemptId },
      );
    case 'mesh_ended':
      return refuse('mesh_ended', `${fault.message}.`);
    case 'mesh_exists':
    case 'hosts_in_use':
      return fail(placeRefusal(fault));
    default:
      return assertNever(fault);
  }
}

/** Resolves when the promise does, which must not reject, and after `ms` at the latest. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise, pauseFor(ms, over.signal)]);
  over.abort();
}
