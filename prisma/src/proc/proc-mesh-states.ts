import { assertNever, troubleOf, type Fault, type Result } from '@hostmesh/core';
import { jsonRows } from '../database/text.ts';
import type { Transaction } from '../database/transaction.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import {
  changeProcMesh,
  liveStates,
  refreshProcCounts,
  toBeJudged,
  unseen,
  type ProcLeaseFault,
} from './change-proc-mesh.ts';
import { groupFailures } from './group-failures.ts';
import {
  toProcMesh,
  withMesh,
  type ProcFailureRecord,
  type ProcMeshRecord,
  type ProcMeshStopRecord,
} from './proc-record.ts';

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
      const inOrder = ending.failures.toSorted((a, b) => a.rank - b.rank);
      const kept = inOrder.slice(0, MAX_FAILURES);
      return {
        state: 'spawn_failed',
        endedAt: ending.endedAt,
        ...unseen,
        // Texts of hosts may hold what Postgres cannot; the rest comes back as it is.
        failures: JSON.parse(jsonRows(kept)) as Prisma.InputJsonArray,
        failureCount: ending.failures.length,
        failureGroups: JSON.parse(jsonRows(groupFailures(inOrder))) as Prisma.InputJsonArray,
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
  stop: ProcMeshStopRecord,
): Promise<Result<{ procMesh: ProcMeshRecord; began: boolean }, BeginStopFault>> =>
  changeProcMesh<{ procMesh: ProcMeshRecord; began: boolean }, Fault<'proc_mesh_ended'>>(
    client,
    id,
    owner,
    async (tx, state, undo) => {
      if (!liveStates.includes(state))
        undo({ code: 'proc_mesh_ended', message: `Proc mesh ${id} has ended` });
      // Whoever joins a stop did not begin it.
      const began = state !== 'stopping';
      return {
        procMesh: await update(tx, id, { state: 'stopping', ...(began && { stop: { ...stop } }) }),
        began,
      };
    },
  );

/** Takes note of who stops some of its procs, or cancels its spawn. */
export const noteStop = (
  client: PrismaClient,
  id: string,
  owner: string,
  stop: ProcMeshStopRecord,
): Promise<Result<ProcMeshRecord, ProcLeaseFault>> =>
  changeProcMesh(client, id, owner, (tx) => update(tx, id, { stop: { ...stop } }));

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

/** Ends a proc mesh that is being stopped, or that has ended by itself: how, its procs tell. */
export const finishStop = (
  client: PrismaClient,
  id: string,
  owner: string,
  endedAt: Date,
): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>> =>
  changeProcMesh<ProcMeshRecord, NotStoppingFault>(client, id, owner, async (tx, state, undo) => {
    if (state !== 'stopping' && state !== 'running') undo(notStopping(id));
    await tx.procMesh.update({ where: { id }, data: { state: toBeJudged, endedAt, ...unseen } });
    await refreshProcCounts(tx, [id]);
    return toProcMesh(await tx.procMesh.findUniqueOrThrow({ where: { id }, include: withMesh }));
  });

/**
 * Takes note that somebody has seen what of a proc mesh needs attention; undefined when there is no such proc mesh. The
 * first one after its last trouble counts.
 */
export const markSeen = (
  client: PrismaClient,
  id: string,
  by: string,
  at: Date,
): Promise<ProcMeshRecord | undefined> =>
  client.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT 1 FROM "ProcMesh" WHERE id = ${id} FOR NO KEY UPDATE`;
    const row = await tx.procMesh.findUnique({ where: { id }, include: withMesh });
    if (row === null) return undefined;
    const known = toProcMesh(row);
    const trouble = troubleOf(known.counts);
    if (known.seen !== null && trouble <= known.seen.trouble) return known;
    return update(tx, id, { seenBy: by, seenAt: at, seenTrouble: trouble });
  });

const update = async (tx: Transaction, id: string, data: Prisma.ProcMeshUpdateInput) =>
  toProcMesh(await tx.procMesh.update({ where: { id }, data, include: withMesh }));

const notStopping = (id: string): NotStoppingFault => ({
  code: 'not_stopping',
  message: `Proc mesh ${id} is not being stopped`,
});
