import type { Fault, Result } from '@hostmesh/core';
import { sayWho, type ChangedBy } from '../database/changed-by.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { EndsRecord, HostsInUseRecord } from '../host-use/ends-record.ts';
import { findEnds, findSharing } from '../host-use/find-ends.ts';
import type { HostsInUseFault } from '../host-use/find-place.ts';
import { giveHostsBack } from '../host-use/take-hosts.ts';
import { endProcMeshes } from '../proc/end-proc-meshes.ts';
import type { ProcMeshStopRecord } from '../proc/proc-record.ts';

/** The mesh is unknown, has ended, or something is already working on it. */
export type EndMeshFault = Fault<'mesh_not_found' | 'mesh_ended' | 'mesh_busy'> | HostsInUseFault;

/** Who ends a mesh, and how: its hosts are given back, or leave service. */
export interface MeshEndBy extends ChangedBy {
  act: 'stop' | 'shutdown';
}

/** What ends with a mesh, and which other live meshes have its hosts. */
export interface MeshEndRecord {
  ends: EndsRecord;
  others: HostsInUseRecord | null;
}

/** What would end with a mesh that is attached, or is being stopped. */
export async function foreseeEnd(
  tx: Transaction,
  mesh: { id: string; name: string },
): Promise<MeshEndRecord> {
  return { ends: await findEnds(tx, mesh), others: await findSharing(tx, mesh.id) };
}

/**
 * Marks an attached mesh as stopping, by whoever `end` says, and answers what ends with it. With `unlessShared` a mesh is left as it is whose
 * hosts other live meshes have, too. From then on no attempt starts on it: creating one locks the same row, so
 * that of a stop and an attempt that begin at once exactly one goes ahead.
 */
export function beginEnd(
  client: PrismaClient,
  id: string,
  end: MeshEndBy,
  { unlessShared = false } = {},
): Promise<Result<MeshEndRecord, EndMeshFault>> {
  return transact<MeshEndRecord, EndMeshFault>(client, async (tx, undo) => {
    const [mesh] = await tx.$queryRaw<{ name: string; state: string }[]>`
      SELECT name, state::text FROM "Mesh" WHERE id = ${id} FOR UPDATE`;
    if (mesh === undefined) return undo({ code: 'mesh_not_found', message: `There is no mesh ${id}` });
    const { name, state } = mesh;
    if (state === 'stopping') undo({ code: 'mesh_busy', message: `Mesh ${name} is already being stopped` });
    if (state !== 'attached') undo({ code: 'mesh_ended', message: `Mesh ${name} has ended` });
    const running = await tx.attempt.findFirst({
      where: { mesh: name, state: 'running' },
      select: { id: true },
    });
    if (running !== null)
      undo({ code: 'mesh_busy', message: `Attempt ${running.id} is working on mesh ${name}` });
    const foreseen = await foreseeEnd(tx, { id, name });
    if (unlessShared && foreseen.others !== null)
      undo({ code: 'hosts_in_use', message: 'Other meshes use its hosts', inUse: foreseen.others });
    await sayWho(tx, end);
    await tx.mesh.update({ where: { id }, data: { state: 'stopping' } });
    // Procs that end by it may be heard of before the mesh has ended.
    await tx.procMesh.updateMany({ where: { meshId: id, endedAt: null }, data: { stop: stopOf(end) } });
    return foreseen;
  });
}

const stopOf = ({ by, act }: MeshEndBy) =>
  ({ how: act === 'stop' ? 'mesh_stopped' : 'mesh_shut_down', by }) as const satisfies ProcMeshStopRecord;

/** What is said of procs that were not known to have ended by then. */
const whyUnknown = {
  stopped: 'not heard of since its hosts were given back',
  shut_down: 'not heard of since its hosts were shut down',
};

/**
 * Ends a stopping mesh: its hosts are released, its proc meshes have ended, its name is free, and what it had taken from
 * other meshes is theirs again: answers those. Null when it was not stopping. */
export async function finishEnd(
  client: PrismaClient,
  id: string,
  end: MeshEndBy,
  endedAt: Date,
): Promise<string[] | null> {
  const state = end.act === 'stop' ? 'stopped' : 'shut_down';
  return client.$transaction(async (tx) => {
    await sayWho(tx, end);
    const { count } = await tx.mesh.updateMany({
      where: { id, state: 'stopping' },
      data: { state, endedAt },
    });
    if (count === 0) return null;
    await tx.meshHost.updateMany({
      where: { meshId: id },
      data: { health: 'released', reason: null, since: endedAt },
    });
    await endProcMeshes(tx, id, whyUnknown[state], null, endedAt);
    return giveHostsBack(tx, id);
  });
}

/** Takes a stop or shutdown back that could not be carried out. Answers false when the mesh was not stopping. */
export function revertEnd(client: PrismaClient, id: string, who: ChangedBy): Promise<boolean> {
  return client.$transaction(async (tx) => {
    await sayWho(tx, who);
    const data = { state: 'attached' } as const;
    return (await tx.mesh.updateMany({ where: { id, state: 'stopping' }, data })).count === 1;
  });
}
