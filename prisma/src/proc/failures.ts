import { RESTART_MARK } from '@hostmesh/core';
import type { PrismaClient } from '../generated/client.ts';
import type { ProcFailureGroupRecord } from './record.ts';

/** Groups per proc mesh. */
const MAX_GROUPS = 20;

/** Procs of each proc mesh that failed, or were stopped as orphans, by cause, the most frequent first: what a person reads first. */
export async function groupProcFailures(
  client: PrismaClient,
  procMeshIds: readonly string[],
): Promise<Map<string, ProcFailureGroupRecord[]>> {
  const rows = await client.$queryRaw<(ProcFailureGroupRecord & { procMeshId: string })[]>`
    SELECT
      alike."procMeshId", alike.status::text, alike."statusText", alike."exitCode", alike.signal, alike.count,
      alike."firstRank", proc."stderrTail"
    FROM (
      SELECT
        "procMeshId", status, split_part("statusText", ${RESTART_MARK}, 1) AS "statusText", "exitCode", signal,
        count(*)::int AS count, min(rank) AS "firstRank",
        row_number() OVER (PARTITION BY "procMeshId" ORDER BY count(*) DESC, min(rank)) AS place
      FROM "Proc"
      WHERE (status IN ('Failed', 'Timeout') OR cause = 'orphaned') AND "procMeshId" IN (
        -- Most have none of these: their procs need not be read.
        SELECT id FROM "ProcMesh"
        WHERE id = ANY(${[...procMeshIds]}) AND jsonb_exists_any(counts, '{Failed,Timeout,Stopped}'))
      -- By position: the same expression with a parameter of its own would be another one.
      GROUP BY 1, 2, 3, 4, 5
    ) AS alike
    JOIN "Proc" AS proc ON proc."procMeshId" = alike."procMeshId" AND proc.rank = alike."firstRank"
    WHERE place <= ${MAX_GROUPS}
    ORDER BY alike."procMeshId", place`;
  const groups = new Map<string, ProcFailureGroupRecord[]>(procMeshIds.map((id) => [id, []]));
  for (const { procMeshId, ...group } of rows) groups.get(procMeshId)?.push(group);
  return groups;
}
