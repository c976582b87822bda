import { assertNever, type Fault, type Result } from '@hostmesh/core';
import { jsonRows } from '../database/text.ts';
import type { Transaction } from '../database/transaction.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import { changeProcMesh, type ProcLeaseFault } from './change-proc-mesh.ts';
import { toProcMesh, withMesh, type ProcFailureRecord, type ProcMeshRecord } from './proc-record.ts';

/** How a spawn ended. */
export type SpawnEnding =
  | { state: 'running'; readyAt: Date }
  | {
      state: 'spawn_failed';
      endedAt: Date;
      /** Of all failing ranks; the first 100 by rank are kept. */
      failures: readonly ProcFailureRecord[];
      /** Procs that are not known to have ended. */
      residueCount: number;
    };

/** It no longer spawns: a stop began, or the spawn has ended before. */
export type NotSpawningFault = Fault<'not_spawning'>;

/** Failures that are kept with a proc mesh; its procs have them all. */
const MAX_FAILURES = 100;

/** It has stopped, or its spawn failed. */
export type BeginStopFault = ProcLeaseFault | Fault<'proc_mesh_ended'>;

/** No stop is on its way. */
export type NotStoppingFault = Fault<'not_stopping'>;

/** Ends a spawn, once. */
export const finishSpawn = (
  client: PrismaClient,
  id: string,
  owner: string,
  ending: SpawnEnding,
): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotSpawningFault>> =>
  changeProcMesh<ProcMeshRecord, NotSpawningFault>(client, id, owner, (tx, state, undo) => {
    if (state !== 'spawning') undo({ code: 'not_spawning', message: `Proc mesh ${id} is ${state}` });
    return update(tx, id, endingColumns(ending));
  });

function endingColumns(ending: SpawnEnding): Prisma.ProcMeshUpdateInput {
  switch (ending.state) {
    case 'running':
      return { state: 'running', readyAt: ending.readyAt };
    case 'spawn_failed': {
      const kept = ending.failures.toSorted((a, b) => a.rank - b.rank).slice(0, MAX_FAILURES);
      return {
        state: 'spawn_failed',
        endedAt: ending.endedAt,
        // Texts of hosts may hold what Postgres cannot; the rest comes back as it is.
        failures: JSON.parse(jsonRows(kept)) as Prisma.InputJsonArray,
        failureCount: ending.failures.length,
        residueCount: ending.residueCount,
      };
    }
    default:
      return assertNever(ending);
  }
}

/** Takes note that nothing of a failed spawn is left. */
export const clearResidue = (
  client: PrismaClient,
  id: string,
  owner: string,
): Promise<Result<ProcMeshRecord, ProcLeaseFault>> =>
  changeProcMesh(client, id, owner, (tx) => update(tx, id, { residueCount: 0 }));

/** Adds to the count of states that a re-sync had to repair, and answers what it is then. */
export const addRepairs = (
  client: PrismaClient,
  id: string,
  owner: string,
  count: number,
): Promise<Result<number, ProcLeaseFault>> =>
  changeProcMesh(
    client,
    id,
    owner,
    async (tx) => (await update(tx, id, { repairs: { increment: count } })).repairs,
  );

/** Marks a proc mesh as stopping; a later caller joins the stop that is on its way. */
export const beginStop = (
  client: PrismaClient,
  id: string,
  owner: string,
): Promise<Result<{ procMesh: ProcMeshRecord; began: boolean }, BeginStopFault>> =>
  changeProcMesh<{ procMesh: ProcMeshRecord; began: boolean }, Fault<'proc_mesh_ended'>>(
    client,
    id,
    owner,
    async (tx, state, undo) => {
      if (state === 'stopped' || state === 'spawn_failed')
        undo({ code: 'proc_mesh_ended', message: `Proc mesh ${id} has ended` });
      return { procMesh: await update(tx, id, { state: 'stopping' }), began: state !== 'stopping' };
    },
  );

/** Takes a stop back that did not end every proc: they are looked after as before. */
export const revertStop = (
  client: PrismaClient,
  id: string,
  owner: string,
): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>> =>
  changeProcMesh<ProcMeshRecord, NotStoppingFault>(client, id, owner, async (tx, state, undo) => {
    if (state !== 'stopping') undo(notStopping(id));
    const { readyAt } = await tx.procMesh.findUniqueOrThrow({ where: { id }, select: { readyAt: true } });
    return update(tx, id, { state: readyAt === null ? 'spawning' : 'running' });
  });

/** Ends a proc mesh that is being stopped, or that has ended by itself. */
export const finishStop = (
  client: PrismaClient,
  id: string,
  owner: string,
  endedAt: Date,
): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>> =>
  changeProcMesh<ProcMeshRecord, NotStoppingFault>(client, id, owner, (tx, state, undo) => {
    if (state !== 'stopping' && state !== 'running') undo(notStopping(id));
    return update(tx, id, { state: 'stopped', endedAt });
  });

const update = async (tx: Transaction, id: string, data: Prisma.ProcMeshUpdateInput) =>
  toProcMesh(await tx.procMesh.update({ where: { id }, data, include: withMesh }));

const notStopping = (id: string): NotStoppingFault => ({
  code: 'not_stopping',
  message: `Proc mesh ${id} is not being stopped`,
});
