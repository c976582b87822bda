import type { Result } from '@hostmesh/core';
import { transact } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import { holdProcMesh, procLeaseLost, type ProcLeaseFault } from './lease.ts';

/** Adds to the count of states that a re-sync had to repair, and answers what it is then. */
export function addRepairs(
  client: PrismaClient,
  id: string,
  owner: string,
  count: number,
): Promise<Result<number, ProcLeaseFault>> {
  return transact<number, ProcLeaseFault>(client, async (tx, undo) => {
    if ((await holdProcMesh(tx, id, owner)) === undefined) undo(procLeaseLost(id));
    const row = await tx.procMesh.update({ where: { id }, data: { repairs: { increment: count } } });
    return row.repairs;
  });
}
