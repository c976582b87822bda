import type { Result } from '@hostmesh/core';
import type { CursorFault, Page } from '../database/page.ts';
import type { CreateProcMeshFault, NewProcMesh } from './create.ts';
import type { ProcLeaseFault } from './lease.ts';
import type { ProcMeshQuery } from './list.ts';
import type { ProcMeshRecord } from './record.ts';
import type { NotSpawningFault, SpawnEnding } from './spawn.ts';
import type { BeginStopFault, NotStoppingFault } from './stop.ts';

/**
 * Proc meshes. The replica that holds the lease of the host mesh looks after them: `owner` is refused with
 * `lease_lost` when that is another one by now, or when the host mesh has ended.
 */
export interface ProcMeshes {
  /** Writes the proc mesh and a row for each proc before anything is sent; `created` is false for a repeated idempotent request. */
  create(
    procMesh: NewProcMesh,
  ): Promise<Result<{ procMesh: ProcMeshRecord; created: boolean }, CreateProcMeshFault>>;
  get(id: string): Promise<ProcMeshRecord | undefined>;
  /** Newest first. */
  list(query: ProcMeshQuery): Promise<Result<Page<ProcMeshRecord>, CursorFault>>;
  /** Those of a host mesh that somebody has to look after: spawning, running or stopping; oldest first. */
  listLive(meshId: string): Promise<ProcMeshRecord[]>;
  /** spawning → running or spawn_failed. */
  finishSpawn(
    id: string,
    owner: string,
    ending: SpawnEnding,
  ): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotSpawningFault>>;
  /** spawning or running → stopping. `began` is false when a stop was on its way already. */
  beginStop(
    id: string,
    owner: string,
  ): Promise<Result<{ procMesh: ProcMeshRecord; began: boolean }, BeginStopFault>>;
  /** stopping → what it was before. */
  revertStop(id: string, owner: string): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>>;
  /** stopping → stopped; running → stopped too, when every proc has ended by itself. */
  finishStop(
    id: string,
    owner: string,
    endedAt: Date,
  ): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>>;
  /** Counts states that a re-sync had to repair; answers how many there are by now. */
  addRepairs(id: string, owner: string, count: number): Promise<Result<number, ProcLeaseFault>>;
}
