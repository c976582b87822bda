import type { Fault, Result } from '@hostmesh/core';
import { transact, type Transaction } from '../database/transaction.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import { holdProcMesh, procLeaseLost, type ProcLeaseFault } from './lease.ts';
import { toProcMesh, withMesh, type ProcMeshRecord } from './record.ts';

/** It has stopped, or its spawn failed. */
export type BeginStopFault = ProcLeaseFault | Fault<'proc_mesh_ended'>;

/** No stop is on its way. */
export type NotStoppingFault = Fault<'not_stopping'>;

/** Marks a proc mesh as stopping; a later caller joins the stop that is on its way. */
export function beginStop(
  client: PrismaClient,
  id: string,
  owner: string,
): Promise<Result<{ procMesh: ProcMeshRecord; began: boolean }, BeginStopFault>> {
  return transact<{ procMesh: ProcMeshRecord; began: boolean }, BeginStopFault>(client, async (tx, undo) => {
    const state = await holdProcMesh(tx, id, owner);
    if (state === undefined) undo(procLeaseLost(id));
    if (state === 'stopped' || state === 'spawn_failed')
      undo({ code: 'proc_mesh_ended', message: `Proc mesh ${id} has ended` });
    return { procMesh: await update(tx, id, { state: 'stopping' }), began: state !== 'stopping' };
  });
}

/** Takes a stop back that did not end every proc: they are looked after as before. */
export function revertStop(
  client: PrismaClient,
  id: string,
  owner: string,
): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>> {
  return transact<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>(client, async (tx, undo) => {
    const state = await holdProcMesh(tx, id, owner);
    if (state === undefined) undo(procLeaseLost(id));
    if (state !== 'stopping') undo(notStopping(id));
    const { readyAt } = await tx.procMesh.findUniqueOrThrow({ where: { id }, select: { readyAt: true } });
    return update(tx, id, { state: readyAt === null ? 'spawning' : 'running' });
  });
}

/** Ends a proc mesh that is being stopped, or that has ended by itself. */
export function finishStop(
  client: PrismaClient,
  id: string,
  owner: string,
  endedAt: Date,
): Promise<Result<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>> {
  return transact<ProcMeshRecord, ProcLeaseFault | NotStoppingFault>(client, async (tx, undo) => {
    const state = await holdProcMesh(tx, id, owner);
    if (state === undefined) undo(procLeaseLost(id));
    if (state !== 'stopping' && state !== 'running') undo(notStopping(id));
    return update(tx, id, { state: 'stopped', endedAt });
  });
}

const update = async (tx: Transaction, id: string, data: Prisma.ProcMeshUpdateInput) =>
  toProcMesh(await tx.procMesh.update({ where: { id }, data, include: withMesh }));

const notStopping = (id: string): NotStoppingFault => ({
  code: 'not_stopping',
  message: `Proc mesh ${id} is not being stopped`,
});
