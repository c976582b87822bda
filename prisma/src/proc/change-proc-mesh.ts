import {
  endKinds,
  judgeEnds,
  noEnds,
  type AfterEnd,
  type EndCounts,
  type Fault,
  type Result,
  type StatusKind,
} from '@hostmesh/core';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { ProcMeshState } from '../generated/enums.ts';
import { toCounts, type ProcCountsRecord } from './proc-record.ts';

/** Another replica looks after the host mesh, or it was given back: nothing was written. */
export type ProcLeaseFault = Fault<'lease_lost'>;

/**
 * Changes a proc mesh in one transaction that has locked it, if its host mesh is this owner's and is live or has just
 * been replaced, so that the end of its procs is still to be heard. One lock for all writers of a proc mesh: what they
 * write is in one order. `undo(fault)` rolls everything back and makes the fault the result.
 */
export function changeProcMesh<T, F extends Fault = never>(
  client: PrismaClient,
  id: string,
  owner: string,
  work: (tx: Transaction, state: ProcMeshState, undo: (fault: F) => never) => Promise<T>,
): Promise<Result<T, ProcLeaseFault | F>> {
  return transact<T, ProcLeaseFault | F>(client, async (tx, undo) => {
    const state = await holdProcMesh(tx, id, owner);
    return state === undefined ? undo(leaseLost(id)) : work(tx, state, undo);
  });
}

const leaseLost = (procMeshId: string): ProcLeaseFault => ({
  code: 'lease_lost',
  message: `The hosts of proc mesh ${procMeshId} were given back or taken over`,
});

/** Locks the host mesh first, as those do that end one; answers the state of the proc mesh. */
async function holdProcMesh(
  tx: Transaction,
  procMeshId: string,
  owner: string,
): Promise<ProcMeshState | undefined> {
  const [held] = await tx.$queryRaw<{ state: ProcMeshState }[]>`
    WITH mesh AS MATERIALIZED (
      SELECT id FROM "Mesh"
      WHERE id = (SELECT "meshId" FROM "ProcMesh" WHERE id = ${procMeshId})
        AND "leaseOwner" = ${owner} AND state IN ('attached', 'stopping', 'replaced')
      FOR SHARE)
    SELECT procs.state::text AS state
    FROM mesh JOIN "ProcMesh" AS procs ON procs."meshId" = mesh.id
    WHERE procs.id = ${procMeshId}
    FOR NO KEY UPDATE OF procs`;
  return held?.state;
}

/** States in which somebody looks after a proc mesh. */
export const liveStates: ProcMeshState[] = ['spawning', 'running', 'stopping'];

interface Refreshed {
  id: string;
  state: ProcMeshState;
  procCount: number;
  counts: Partial<Record<StatusKind | AfterEnd, number>>;
  ends: Partial<EndCounts>;
}

/**
 * Counts the procs of each proc mesh into it. Every transaction that writes proc rows, or the end of a proc mesh, ends
 * with this, so that counts, rows and the judgement of how it ended never disagree.
 */
export async function refreshProcCounts(
  tx: Transaction,
  procMeshIds: readonly string[],
): Promise<Map<string, ProcCountsRecord>> {
  const rows = await tx.$queryRaw<Refreshed[]>`
    UPDATE "ProcMesh" AS procs SET
      counts = counted.counts, ends = counted.ends,
      trouble = counted.trouble, "seenTrouble" = least("seenTrouble", counted.trouble)
    FROM (
      SELECT
        "procMeshId",
        jsonb_object_agg(status, count) FILTER (WHERE status IS NOT NULL)
          || coalesce(jsonb_object_agg("afterEnd", count) FILTER (WHERE "afterEnd" IS NOT NULL), '{}') AS counts,
        coalesce(jsonb_object_agg("end", count) FILTER (WHERE "end" IS NOT NULL), '{}') AS ends,
        coalesce(sum(count) FILTER (WHERE status IN ('Failed', 'Timeout', 'Unknown')), 0)::int AS trouble
      FROM (
        SELECT "procMeshId", status, "end", "afterEnd", count(*)::int AS count
        FROM "Proc", LATERAL (
          SELECT CASE WHEN "nextRestartAt" IS NOT NULL THEN 'restarting' WHEN leftover > 0 THEN 'lingering' END AS "afterEnd"
        ) AS due
        WHERE "procMeshId" = ANY(${procMeshIds})
        GROUP BY GROUPING SETS (("procMeshId", status), ("procMeshId", "end"), ("procMeshId", "afterEnd"))
      ) AS each
      GROUP BY "procMeshId"
    ) AS counted
    WHERE procs.id = counted."procMeshId"
    RETURNING procs.id, procs.state::text AS state, procs."procCount", procs.counts, procs.ends`;
  for (const row of rows) await judge(tx, row);
  return new Map(rows.map(({ id, procCount, counts }) => [id, toCounts(procCount, counts)]));
}

/** What nobody has seen yet. */
export const unseen = { seenBy: null, seenAt: null, seenTrouble: 0 } as const;

/** What a proc mesh is put into at its end, before `refreshProcCounts` judges it: right for one without procs. */
export const toBeJudged = 'succeeded' satisfies ProcMeshState;

const isJudged = (state: string): boolean => endKinds.some((end) => end === state);

/** Of a proc mesh that has ended: how, and who stopped its procs, unless that was noted. */
async function judge(tx: Transaction, { id, state, procCount, ends }: Refreshed): Promise<void> {
  if (!isJudged(state)) return;
  const end = judgeEnds({ ...noEnds, ...ends }, procCount);
  if (end !== state) await tx.procMesh.update({ where: { id }, data: { state: end, ...unseen } });
  if ((ends.stopped ?? 0) === 0) return;
  await tx.$executeRaw`
    UPDATE "ProcMesh" SET stop = jsonb_build_object('how', why.cause, 'by', NULL)
    FROM (
      SELECT cause FROM "Proc" WHERE "procMeshId" = ${id} AND "end" = 'stopped'
      GROUP BY cause ORDER BY count(*) DESC, cause LIMIT 1
    ) AS why
    WHERE id = ${id} AND stop IS NULL AND why.cause IN ('orphaned', 'drained', 'shut_down')`;
}
