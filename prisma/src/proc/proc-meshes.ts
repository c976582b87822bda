import type { Result } from '@hostmesh/core';
import type { CursorFault, PageRequest, RowPage } from '../database/page.ts';
import type { PrismaClient } from '../generated/client.ts';
import { createProcMesh, type CreateProcMeshFault, type NewProcMesh } from './create-proc-mesh.ts';
import { liveStates, type ProcLeaseFault } from './change-proc-mesh.ts';
import { listProcMeshes, type ProcMeshFilter } from './list-proc-meshes.ts';
import {
  addRepairs,
  beginStop,
  clearResidue,
  finishSpawn,
  finishStop,
  markSeen,
  noteStop,
  revertStop,
  type BeginStopFault,
  type NotSpawningFault,
  type NotStoppingFault,
  type SpawnEnding,
} from './proc-mesh-states.ts';
import { toProcMesh, withMesh, type ProcMeshRecord, type ProcMeshStopRecord } from './proc-record.ts';

/**
 * Proc meshes. The replica that holds the lease of the host mesh looks after them: `owner` is refused with
 * `lease_lost` when that is another one by now, or when the host mesh was given back.
 */
export interface ProcMeshes {
  /** Writes the proc mesh and a row for each proc before anything is sent; `created` is false for a repeated idempotent request. */
  create(
    procMesh: NewProcMesh,
  ): Promise<Result<{ procMesh: ProcMeshRecord; created: boolean }, CreateProcMeshFault>>;
  get(id: string): Promise<ProcMeshRecord | undefined>;
  /** Newest first. */
  list(query: ProcMeshFilter & PageRequest): Promise<Result<RowPage<ProcMeshRecord>, CursorFault>>;
  /** Those of a host mesh that somebody has to look after: all that have not ended, or left something; oldest first. */
  listLive(meshId: string): Promise<ProcMeshRecord[]>;
  /** spawning → running or spawn_failed. */
  finishSpawn(
    id: string,
    owner: string,
    ending: SpawnEnding,
  ): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotSpawningFault>>;
  /** Nothing of a failed spawn is left. */
  clearResidue(id: string, owner: string): Promise<Result<ProcMeshRecord, ProcLeaseFault>>;
  /** spawning or running → stopping. `began` is false when a stop was on its way already. */
  beginStop(
    id: string,
    owner: string,
    stop: ProcMeshStopRecord,
  ): Promise<Result<{ procMesh: ProcMeshRecord; began: boolean }, BeginStopFault>>;
  /** Somebody stops some of its procs, or cancels its spawn. */
  noteStop(
    id: string,
    owner: string,
    stop: ProcMeshStopRecord,
  ): Promise<Result<ProcMeshRecord, ProcLeaseFault>>;
  /** stopping → what it was before. */
  revertStop(id: string, owner: string): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>>;
  /** stopping → how it ended; running too, when every proc has ended by itself. */
  finishStop(
    id: string,
    owner: string,
    endedAt: Date,
  ): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>>;
  /** Somebody has seen what needs attention; undefined when there is no such proc mesh. No lease is needed. */
  markSeen(id: string, by: string, at: Date): Promise<ProcMeshRecord | undefined>;
  /** Counts states that a re-sync had to repair; answers how many there are by now. */
  addRepairs(id: string, owner: string, count: number): Promise<Result<number, ProcLeaseFault>>;
}

/** The proc meshes of a database. */
export const createProcMeshes = (client: PrismaClient): ProcMeshes => ({
  create: (procMesh) => createProcMesh(client, procMesh),
  get: async (id) => {
    const row = await client.procMesh.findUnique({ where: { id }, include: withMesh });
    return row === null ? undefined : toProcMesh(row);
  },
  list: (query) => listProcMeshes(client, query),
  listLive: async (meshId) => {
    const rows = await client.procMesh.findMany({
      where: { meshId, OR: [{ state: { in: liveStates } }, { residueCount: { gt: 0 } }] },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      include: withMesh,
    });
    return rows.map(toProcMesh);
  },
  finishSpawn: (id, owner, ending) => finishSpawn(client, id, owner, ending),
  clearResidue: (id, owner) => clearResidue(client, id, owner),
  beginStop: (id, owner, stop) => beginStop(client, id, owner, stop),
  noteStop: (id, owner, stop) => noteStop(client, id, owner, stop),
  revertStop: (id, owner) => revertStop(client, id, owner),
  finishStop: (id, owner, endedAt) => finishStop(client, id, owner, endedAt),
  markSeen: (id, by, at) => markSeen(client, id, by, at),
  addRepairs: (id, owner, count) => addRepairs(client, id, owner, count),
});
