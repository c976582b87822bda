import type { EndKind, Result, StatusKind } from '@hostmesh/core';
import { jsonRows } from '../database/text.ts';
import type { Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { TransitionSource } from '../generated/enums.ts';
import { changeProcMesh, refreshProcCounts, type ProcLeaseFault } from './change-proc-mesh.ts';
import { toCounts, type FormerEndRecord, type ProcCountsRecord } from './proc-record.ts';

/**
 * One change of a proc, with all that is known of it from then on. A report of the host counts once per generation;
 * that a proc is as it was after a silence is the controller's conclusion.
 */
export interface ProcTransitionRow {
  rank: number;
  generation: number;
  source: TransitionSource;
  status: StatusKind;
  statusText: string;
  cause: string | null;
  startFault: string | null;
  leftover: number;
  exitCode: number | null;
  signal: string | null;
  endedBy: string | null;
  end: EndKind | null;
  pid: number | null;
  /** When it happened, by the clock of whoever noticed. */
  at: Date;
  /** When we heard it, by our clock; null for what the controller concluded from silence: `lastHeardAt` stays. */
  heardAt: Date | null;
  startedAt: Date | null;
  restarts: number;
  nextRestartAt: Date | null;
  stderrTail: readonly string[];
  /** Null where that is not news: of a process that is not there yet, or of which nobody has heard. */
  configDigest: string | null;
  formerEnd: FormerEndRecord | null;
  adopted: boolean;
}

/** Rows per statement: keeps one batch to about a megabyte. */
const BATCH_ROWS = 2000;

/**
 * Appends transitions and brings each proc to the latest that was not recorded before, by generation and then by
 * order: never to a lower generation. All or nothing, and recording a batch again changes nothing.
 */
export function recordTransitions(
  client: PrismaClient,
  procMeshId: string,
  owner: string,
  transitions: readonly ProcTransitionRow[],
): Promise<Result<ProcCountsRecord, ProcLeaseFault>> {
  return changeProcMesh(client, procMeshId, owner, async (tx) => {
    for (let start = 0; start < transitions.length; start += BATCH_ROWS)
      await appendAndApply(tx, procMeshId, transitions.slice(start, start + BATCH_ROWS));
    const counts = (await refreshProcCounts(tx, [procMeshId])).get(procMeshId);
    return counts ?? toCounts(0, {});
  });
}

async function appendAndApply(
  tx: Transaction,
  procMeshId: string,
  transitions: readonly ProcTransitionRow[],
): Promise<void> {
  const rows = transitions.map((row, position) => ({ ...row, position }));
  await tx.$executeRaw`
    WITH given AS (
      SELECT new.*, proc.id AS "procId"
      FROM json_to_recordset(${jsonRows(rows)}::json) AS new (
        position int, rank int, generation int, source "TransitionSource", status "ProcStatus", "statusText" text,
        cause text, "startFault" text, leftover int, "exitCode" int, signal text, "endedBy" text, "end" "ProcEnd", pid int,
        at timestamptz, "heardAt" timestamptz,
        "startedAt" timestamptz, restarts int, "nextRestartAt" timestamptz, "stderrTail" text[],
        "configDigest" text, "formerEnd" jsonb, adopted boolean)
      JOIN "Proc" AS proc ON proc."procMeshId" = ${procMeshId} AND proc.rank = new.rank
    ), fresh AS MATERIALIZED (
      -- CASE rather than joins, and OFFSET 0, which keeps it from reading the history into a hash table: an index look-up per
      -- row whatever the planner believes of its size.
      SELECT * FROM given WHERE NOT CASE source
        WHEN 'host' THEN EXISTS (
          SELECT FROM "ProcTransition" AS known
          WHERE known.source = 'host' AND known."procId" = given."procId" AND known.generation = given.generation OFFSET 0)
        ELSE EXISTS (
          SELECT FROM "ProcTransition" AS known
          WHERE known.source = 'controller' AND known."procId" = given."procId"
            AND known.generation = given.generation AND known.at = given.at AND known.status = given.status OFFSET 0)
        END
    ), appended AS (
      INSERT INTO "ProcTransition"
        ("procId", generation, source, status, "statusText", cause, pid, "exitCode", signal, at)
      SELECT "procId", generation, source, status, "statusText", cause, pid, "exitCode", signal, at
      FROM fresh ORDER BY position
      ON CONFLICT ("procId", generation) WHERE source = 'host' DO NOTHING
    ), latest AS (
      SELECT DISTINCT ON ("procId") *, max("heardAt") OVER (PARTITION BY "procId") AS "lastHeardAt"
      FROM fresh ORDER BY "procId", generation DESC, position DESC
    )
    UPDATE "Proc" AS proc SET
      status = latest.status, "statusText" = latest."statusText", cause = latest.cause,
      "startFault" = latest."startFault", leftover = latest.leftover, "exitCode" = latest."exitCode", signal = latest.signal,
      "endedBy" = latest."endedBy", "end" = latest."end", pid = latest.pid,
      generation = latest.generation, since = latest.at,
      "lastHeardAt" = greatest(proc."lastHeardAt", latest."lastHeardAt"), "startedAt" = latest."startedAt",
      restarts = latest.restarts, "nextRestartAt" = latest."nextRestartAt", "stderrTail" = latest."stderrTail",
      "formerEnd" = latest."formerEnd",
      "configDigest" = coalesce(latest."configDigest", proc."configDigest"), adopted = latest.adopted
    FROM latest
    WHERE proc.id = latest."procId" AND latest.generation >= proc.generation`;
}

/**
 * Moves `lastHeardAt` of the live procs of these hosts on, never back. Those that have ended stay as they are, and
 * `Unknown` ones too: only a report brings them back.
 */
export function touchHeard(
  client: PrismaClient,
  procMeshId: string,
  owner: string,
  hostRanks: readonly number[],
  at: Date,
): Promise<Result<void, ProcLeaseFault>> {
  return changeProcMesh(client, procMeshId, owner, async (tx) => {
    const heardAt = at.toISOString();
    await tx.$executeRaw`
      UPDATE "Proc" SET "lastHeardAt" = ${heardAt}::timestamptz
      WHERE "procMeshId" = ${procMeshId} AND "hostRank" = ANY(${[...hostRanks]})
        AND (status IN ('Initializing', 'Running', 'Stopping') OR "nextRestartAt" IS NOT NULL OR leftover > 0)
        AND ("lastHeardAt" IS NULL OR "lastHeardAt" < ${heardAt}::timestamptz)`;
  });
}
