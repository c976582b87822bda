import type { SpawnRequest } from '@hostmesh/contract';
import {
  assertNever,
  fail,
  instanceId,
  ok,
  printResourceId,
  stripLabel,
  type ConfigAttrs,
} from '@hostmesh/core';
import type {
  CreateProcMeshFault,
  Meshes,
  NewProcMesh,
  ProcMeshRecord,
  ProcRecord,
  Procs,
} from '@hostmesh/db';
import { HostMeshRef, type HostMesh } from '@hostmesh/host-mesh';
import type { Idempotency } from '../../http/idempotency.ts';
import type { Actor, AuditLog } from '../../audit/audit-log.ts';
import { randomUid } from '../../id/random-id.ts';
import { invalidRequest, notFound, refuse, type RouteResult } from '../../problem/route-fault.ts';
import { collectBatches } from '../../async/batches.ts';
import { Runs } from '../../async/runs.ts';
import { planRequest, refusedFields, type PlannedRequest } from './plan-request.ts';
import { RecordedSpawn, type RecordedSpawnDeps } from './recorded-spawn.ts';

export interface SpawnServiceDeps extends RecordedSpawnDeps {
  readonly meshes: Meshes;
  readonly procs: Procs;
  /** The engine's mesh, if this replica looks after it. */
  readonly meshOf: (meshId: string) => HostMesh | undefined;
  readonly attrsOf: (configDigest: string) => Promise<ConfigAttrs>;
  /** Gives hosts of a mesh back what they have lost, as far as that may be done now. */
  readonly heal: (meshId: string) => Promise<void>;
  readonly audit: AuditLog;
  readonly maxProcs: number;
}

/** A spawn that a request started, or that an earlier request with the same idempotency key did. */
export interface StartedSpawn {
  readonly record: ProcMeshRecord;
  /** Absent when it does not run here, or no longer. */
  readonly run: RecordedSpawn | undefined;
}

/** Starts spawns and owns those that run in this process: requests come and go, spawns end with a verdict. */
export class SpawnService {
  readonly #deps: SpawnServiceDeps;
  readonly #runs = new Runs<RecordedSpawn>();

  constructor(deps: SpawnServiceDeps) {
    this.#deps = deps;
  }

  get(id: string): RecordedSpawn | undefined {
    return this.#runs.get(id);
  }

  /** Checks the request, writes the proc mesh with all its procs down, and only then begins. */
  async start(
    actor: Actor,
    meshId: string,
    request: SpawnRequest,
    idempotency: Idempotency,
  ): Promise<RouteResult<StartedSpawn>> {
    if (this.#runs.isStopping) {
      return refuse('shutting_down', 'The API is shutting down; ask again in a moment.');
    }
    return this.#runs.begin(() => this.#start(actor, meshId, request, idempotency));
  }

  /** Ends the spawns on a host mesh that takes no new ones, and resolves when they have ended. */
  async endMesh(meshId: string): Promise<void> {
    await this.#runs.begun();
    const runs = this.#runs.all.filter((run) => run.meshId === meshId);
    for (const run of runs) run.end('mesh_ended');
    await Promise.all(runs.map((run) => run.verdict));
  }

  /** Starts nothing more, gives what runs `graceMs` to end by itself, then ends it. */
  stop(graceMs: number): Promise<void> {
    return this.#runs.stop(graceMs);
  }

  async #start(
    actor: Actor,
    meshId: string,
    request: SpawnRequest,
    idempotency: Idempotency,
  ): Promise<RouteResult<StartedSpawn>> {
    const { meshes, meshOf, attrsOf, maxProcs, owner, audit } = this.#deps;
    const mesh = await meshes.get(meshId);
    if (mesh === undefined) return notFound(`mesh ${meshId}`);
    const ref = HostMeshRef.parse(mesh.ref);
    if (!ref.ok) throw new Error(`ref of mesh ${meshId}: ${ref.fault.message}`);
    const label = stripLabel(request.name);
    const id = instanceId('proc', label === '' ? null : label, randomUid());
    const attrs = await attrsOf(mesh.configDigest);
    const planned = planRequest(request, { id, ref: ref.value, attrs, maxProcs });
    if (!planned.ok) return planned;

    const engine = meshOf(meshId);
    if (engine === undefined && mesh.state === 'attached') {
      return refuse(
        'mesh_busy',
        `Mesh ${mesh.name} is looked after by another replica, or not yet by this one.`,
      );
    }
    await this.#deps.heal(meshId);
    const fields = refusedFields(request, (await engine?.askWhetherSpawnable(planned.value.plan)) ?? []);
    if (fields.length > 0) return fail(invalidRequest(fields));
    const { created, rows } = await this.#writeDown({
      id: printResourceId(id),
      meshId,
      owner,
      name: request.name,
      extent: recordOf(planned.value.plan.extent),
      perHost: recordOf(planned.value.plan.perHost),
      request: planned.value.request,
      timeoutMs: planned.value.plan.timeoutMs,
      requestedBy: actor.name,
      ...(idempotency && { idempotency }),
      createdAt: new Date(),
      procs: newProcs(planned.value, await collectBatches(meshes.readHosts(meshId))),
    });
    if (!created.ok) return refused(created.fault);
    const { procMesh: record } = created.value;
    if (!created.value.created) return ok({ record, run: this.#runs.get(record.id) });
    if (engine === undefined) throw new Error(`mesh ${meshId} took a spawn that nobody carries out`);
    const run = this.#run(actor, record, rows, engine, planned.value);
    await audit.record(actor, 'spawn', `${record.name} ${record.id}`, 'started');
    return ok({ record, run });
  }

  /** The proc mesh and the rows of its procs; none when an earlier request with the same key has made it. */
  async #writeDown(procMesh: NewProcMesh) {
    const { procMeshes, procs } = this.#deps;
    try {
      const created = await procMeshes.create(procMesh);
      const isNew = created.ok && created.value.created;
      return { created, rows: isNew ? await collectBatches(procs.read(procMesh.id)) : [] };
    } catch (error) {
      this.#abandon(procMesh.id);
      throw error;
    }
  }

  /**
   * The write that failed may have stored the proc mesh all the same, and nobody carries its spawn out: records that it
   * failed, as soon as the database answers.
   */
  #abandon(id: string): void {
    const { background, procMeshes, owner } = this.#deps;
    const failure = `spawn ${id}, which was never begun, could not be ended`;
    const ending = { state: 'spawn_failed', endedAt: new Date(), failures: [], residueCount: 0 } as const;
    background.run(failure, async () => {
      await background.persist(() => procMeshes.finishSpawn(id, owner, ending), failure);
    });
  }

  #run(
    actor: Actor,
    record: ProcMeshRecord,
    rows: readonly ProcRecord[],
    mesh: HostMesh,
    { plan }: PlannedRequest,
  ): RecordedSpawn {
    const { live, audit, log } = this.#deps;
    const run = new RecordedSpawn(mesh, plan, live.open(record, rows), this.#deps);
    this.#runs.add(run);
    run.verdict
      .then(async ({ kind, record: ended }) => {
        const outcome = kind === 'ended' ? ended.state : kind;
        await audit.record(actor, 'spawn.ended', `${record.name} ${record.id}`, outcome);
      })
      .catch((err: unknown) => log.fatal({ err, procMeshId: record.id }, 'a spawn ended in a bug'))
      .finally(() => this.#runs.delete(record.id));
    return run;
  }
}

const recordOf = ({ labels, sizes }: PlannedRequest['plan']['extent']) => ({
  labels: [...labels],
  sizes: [...sizes],
});

const newProcs = (
  { plan }: PlannedRequest,
  hosts: readonly { readonly address: string; readonly hostId: string | null }[],
) =>
  plan.procs.map(({ procId, rank, hostRank }) => ({
    id: procId,
    rank,
    hostRank,
    hostId: hosts[hostRank]?.hostId ?? null,
    hostAddress: hosts[hostRank]?.address ?? '',
  }));

function refused(fault: CreateProcMeshFault) {
  switch (fault.code) {
    case 'idempotency_conflict':
      return refuse(fault.code, `The key came with another request, which made ${fault.procMeshId}.`, {
        procMeshId: fault.procMeshId,
      });
    case 'mesh_busy':
    case 'mesh_ended':
      return refuse(fault.code, `${fault.message}.`);
    default:
      return assertNever(fault);
  }
}
