import { inUseText, meshEndSentences, type EndMeshReply, type EndMeshRequest } from '@hostmesh/contract';
import { countOf, fail, formatCount, ok, type Result } from '@hostmesh/core';
import type { EndMeshFault, MeshEndRecord, Meshes } from '@hostmesh/db';
import type { HostEndOutcome } from '@hostmesh/host-mesh';
import type { Actor, AuditLog } from '../audit/audit-log.ts';
import type { LogKeeper } from '../log/log-keeper.ts';
import { readDuration } from '../problem/read-duration.ts';
import {
  invalidRequest,
  notFound,
  refuse,
  type FieldError,
  type RouteResult,
} from '../problem/route-fault.ts';
import type { LiveProcMeshes } from '../proc-mesh/live/live-proc-meshes.ts';
import type { SpawnService } from '../proc-mesh/spawn/spawn-service.ts';
import { meshView } from './mesh-view.ts';
import type { OwnedMeshes } from './owned-meshes.ts';

export interface EndMeshServiceDeps {
  readonly meshes: Meshes;
  readonly owned: OwnedMeshes;
  readonly procs: LiveProcMeshes;
  readonly spawns: SpawnService;
  readonly logs: Pick<LogKeeper, 'drainMesh'>;
  readonly audit: AuditLog;
  /** Ends what the console itself does on a mesh. */
  readonly makeWay: (meshName: string, actor: Actor) => Promise<void>;
}

/** How a mesh is ended: its hosts are given back, or leave service. */
export type MeshEnd = 'stop' | 'shutdown';

/** Problem documents name so many hosts; the mesh's page shows all. */
const MAX_NAMED = 100;
const MAX_END_MS = 600_000;
/** How long the last output of the procs may take to be fetched. */
const OUTPUT_MS = 5000;

/** Ends our ownership of meshes and the procs on them, on request (reference section 5.2). */
export class EndMeshService {
  readonly #deps: EndMeshServiceDeps;

  constructor(deps: EndMeshServiceDeps) {
    this.#deps = deps;
  }

  /**
   * A stop gives the hosts back, also those that could not be asked. A shutdown that some host did not follow leaves the
   * mesh attached, so that it can be tried again, or the mesh be stopped instead.
   */
  async end(
    actor: Actor,
    how: MeshEnd,
    id: string,
    request: EndMeshRequest,
  ): Promise<RouteResult<EndMeshReply>> {
    const { meshes, owned } = this.#deps;
    const errors: FieldError[] = [];
    const timeoutMs = readDuration(
      request.timeout,
      { field: 'timeout', minMs: 1, maxMs: MAX_END_MS },
      errors,
    );
    if (errors.length > 0) return fail(invalidRequest(errors));
    const unlessShared = how === 'shutdown' && request.endOthers !== true;
    const mesh = await meshes.get(id);
    if (mesh !== undefined) await this.#deps.makeWay(mesh.name, actor);
    const begun = await meshes.beginEnd(id, { by: actor.name, act: how }, { unlessShared });
    if (!begun.ok) return refused(id, begun);
    return owned.whileEnding(id, async () => {
      try {
        return await this.#carryOut(actor, how, id, timeoutMs, begun.value);
      } catch (error) {
        // A mesh of ours that nobody looks after is taken up again, and its end can be asked for anew.
        (await owned.release(id))?.close();
        throw error;
      }
    });
  }

  async #carryOut(
    actor: Actor,
    how: MeshEnd,
    id: string,
    timeoutMs: number | undefined,
    foreseen: MeshEndRecord,
  ): Promise<RouteResult<EndMeshReply>> {
    const { meshes, owned, procs, spawns, logs, audit } = this.#deps;
    await spawns.endMesh(id);
    const outcomes = await this.#askHosts(how, id, timeoutMs);
    // What the procs came to, while it can be recorded: procs that are not known to have ended become unknown with the mesh.
    await procs.flushMesh(id);
    await logs.drainMesh(id, OUTPUT_MS);
    const undone = outcomes.filter(({ outcome }) => outcome !== 'done');
    const outcome =
      undone.length === 0
        ? 'done'
        : `${formatCount(undone.length)} of ${countOf(outcomes.length, 'host')} did not`;
    const end = { by: actor.name, act: how };
    if (how === 'stop' || undone.length === 0) {
      const freed = await meshes.finishEnd(id, end, new Date());
      await owned.reread(freed ?? []);
      await procs.endMesh(id);
    } else {
      await meshes.revertEnd(id, { ...end, why: `${outcome} shut down` });
      await owned.retake(id);
    }
    const told = meshEndSentences(foreseen, how, undone.length === 0 ? 'did' : 'told');
    await audit.record(actor, `mesh.${how}`, id, [`${outcome}.`, ...told].join(' '));
    const record = await meshes.get(id);
    if (record === undefined) return notFound(`mesh ${id}`);
    await owned.tell(id);
    return record.state === 'attached'
      ? incomplete(undone, outcomes.length, foreseen)
      : ok({ mesh: meshView(record), outcomes: [...outcomes], ...foreseen });
  }

  async #askHosts(
    how: MeshEnd,
    id: string,
    timeoutMs: number | undefined,
  ): Promise<readonly HostEndOutcome[]> {
    const { owned } = this.#deps;
    await owned.tell(id);
    if (owned.get(id) === undefined) await owned.retake(id);
    const mesh = await owned.release(id);
    if (mesh === undefined) throw new Error(`mesh ${id} could not be taken`);
    return mesh[how](timeoutMs === undefined ? {} : { timeoutMs });
  }
}

function refused(id: string, { fault }: Extract<Result<MeshEndRecord, EndMeshFault>, { ok: false }>) {
  if (fault.code === 'hosts_in_use') {
    const message = `A shutdown ends everything on these hosts, and ${inUseText(fault.inUse)}. That is done only when asked for with endOthers.`;
    return refuse(fault.code, message, { inUse: fault.inUse });
  }
  return fault.code === 'mesh_not_found' ? notFound(`mesh ${id}`) : refuse(fault.code, `${fault.message}.`);
}

const incomplete = (undone: readonly HostEndOutcome[], total: number, { ends, others }: MeshEndRecord) =>
  refuse(
    'end_incomplete',
    `${formatCount(undone.length)} of ${countOf(total, 'host')} did not shut down. The mesh stays attached: try again, or stop it instead. What ran on the others has ended.`,
    {
      ends,
      ...(others && { inUse: others }),
      errors: undone
        .slice(0, MAX_NAMED)
        .map(({ address, outcome, message }) => ({ field: address, message: `${outcome}: ${message}` })),
    },
  );
