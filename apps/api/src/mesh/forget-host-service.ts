import type { ForgetHostReply, ForgetHostRequest } from '@hostmesh/contract';
import { ok } from '@hostmesh/core';
import type { Meshes } from '@hostmesh/db';
import { changedBy, type Actor, type AuditLog } from '../audit/audit-log.ts';
import { notFound, refuse, type RouteResult } from '../problem/route-fault.ts';
import type { LiveProcMeshes } from '../proc-mesh/live/live-proc-meshes.ts';
import { meshHostView } from './mesh-view.ts';
import type { OwnedMeshes } from './owned-meshes.ts';

export interface ForgetHostDeps {
  readonly meshes: Meshes;
  readonly owned: OwnedMeshes;
  readonly procs: LiveProcMeshes;
  readonly audit: AuditLog;
}

/** So many procs are named. */
const MAX_NAMED = 100;

/**
 * Gives up the host that a rank of a mesh was, of which nothing is heard any more: its procs count as lost, and whoever
 * answers at its address is the host from then on. `dryRun` says what that would mean.
 */
export async function forgetHost(
  { meshes, owned, procs, audit }: ForgetHostDeps,
  actor: Actor,
  at: { readonly id: string; readonly rank: number },
  { hostId, dryRun = false }: ForgetHostRequest,
): Promise<RouteResult<ForgetHostReply>> {
  const mesh = await meshes.get(at.id);
  if (mesh === undefined) return notFound(`mesh ${at.id}`);
  if (mesh.state !== 'attached') return refuse('mesh_ended', `Mesh ${mesh.name} is not attached.`);
  const watch = owned.watch(mesh.id);
  if (watch === undefined) return refuse('mesh_busy', `Mesh ${mesh.name} is being taken up; try again.`);
  const row = watch.row(at.rank);
  if (row === undefined) return notFound(`host ${at.rank} of mesh ${mesh.name}`);
  if (row.health !== 'replaced' && row.health !== 'unreachable')
    return refuse('host_in_service', `${row.address} answers: there is nothing to give up.`);
  if (row.hostId === null || (hostId !== undefined && hostId !== row.hostId))
    return refuse('host_in_service', `${row.address} is ${row.hostId ?? 'no host that was heard'} by now.`);
  const running = procs.unendedOn(mesh.id, at.rank);
  if (!dryRun) {
    watch.giveUpHost(
      at.rank,
      `given up by ${actor.name} with its host ${row.hostId}, where it may still run`,
      changedBy(actor),
    );
    await audit.record(actor, 'host.forget', `${mesh.id} ${row.address} ${row.hostId}`, 'done');
  }
  return ok({
    host: meshHostView(watch.row(at.rank) ?? row, mesh.extent),
    formerHostId: row.hostId,
    procs: running.slice(0, MAX_NAMED).map(({ id, name, rank, pid }) => ({ id, name, rank, pid })),
    procsTotal: running.length,
    dryRun,
  });
}
