import { Prisma } from '../generated/client.ts';
import type { Kept } from './kept.ts';

/** One kind of row that goes. Its statement deletes at most `batch` of them, and is repeated until nothing is left to delete. */
export interface RetentionRule {
  readonly name: string;
  /** Things with rows of their own go one by one, with those, in one transaction. */
  readonly batch: number;
  /** Keeps others from referring to what is being deleted; none is needed where rows lock each other. */
  readonly lock?: Prisma.Sql;
  readonly deletion: (kept: Kept, batch: number) => Prisma.Sql;
}

const ROWS = 1000;

/** Proc meshes that ended long ago, and that nobody has to look at any more. */
const endedProcMeshes = (since: Date) => Prisma.sql`
  SELECT id FROM "ProcMesh"
  WHERE "endedAt" < ${since}::timestamptz AND state NOT IN ('spawning', 'running', 'stopping') AND "residueCount" = 0
    AND (state IN ('succeeded', 'stopped') OR "seenAt" IS NOT NULL
      OR state = 'spawn_failed' AND "failureCount" = 0 AND stop IS NOT NULL)`;

/** In this order: first what refers to others. */
export const retentionRules: readonly RetentionRule[] = [
  {
    name: 'output of ended procs',
    batch: ROWS,
    deletion: ({ since }, batch) => Prisma.sql`
      DELETE FROM "ProcLog" WHERE ctid = ANY(ARRAY(
        SELECT log.ctid FROM "ProcLog" AS log JOIN "Proc" AS proc ON proc.id = log."procId"
        WHERE proc."procMeshId" IN (${endedProcMeshes(since)}) LIMIT ${batch}))`,
  },
  {
    name: 'transitions of ended procs',
    batch: ROWS,
    deletion: ({ since }, batch) => Prisma.sql`
      DELETE FROM "ProcTransition" WHERE ctid = ANY(ARRAY(
        SELECT made.ctid FROM "ProcTransition" AS made JOIN "Proc" AS proc ON proc.id = made."procId"
        WHERE proc."procMeshId" IN (${endedProcMeshes(since)}) LIMIT ${batch}))`,
  },
  {
    name: 'ended proc meshes',
    batch: 1,
    deletion: ({ since }, batch) => Prisma.sql`
      WITH gone AS MATERIALIZED (${endedProcMeshes(since)} LIMIT ${batch} FOR UPDATE SKIP LOCKED),
        procs AS (DELETE FROM "Proc" WHERE "procMeshId" IN (SELECT id FROM gone)),
        changes AS (DELETE FROM "StateChange" WHERE subject = 'proc_mesh' AND "subjectId" IN (SELECT id FROM gone))
      DELETE FROM "ProcMesh" WHERE id IN (SELECT id FROM gone)`,
  },
  {
    name: 'ended meshes',
    batch: 1,
    deletion: ({ since }, batch) => Prisma.sql`
      WITH gone AS MATERIALIZED (
          SELECT id FROM "Mesh" AS mesh
          WHERE "endedAt" < ${since}::timestamptz AND state NOT IN ('attached', 'stopping')
            AND NOT EXISTS (SELECT FROM "ProcMesh" WHERE "meshId" = mesh.id)
          LIMIT ${batch} FOR UPDATE SKIP LOCKED),
        hosts AS (DELETE FROM "MeshHost" WHERE "meshId" IN (SELECT id FROM gone)),
        attempts AS (UPDATE "Attempt" SET "meshId" = NULL WHERE "meshId" IN (SELECT id FROM gone)),
        changes AS (
          DELETE FROM "StateChange" WHERE subject IN ('mesh', 'host', 'orphan') AND "meshId" IN (SELECT id FROM gone))
      DELETE FROM "Mesh" WHERE id IN (SELECT id FROM gone)`,
  },
  {
    name: 'attempts',
    batch: 1,
    deletion: ({ since }, batch) => Prisma.sql`
      WITH gone AS MATERIALIZED (
          SELECT id FROM "Attempt" AS attempt
          WHERE "settledAt" < ${since}::timestamptz AND state <> 'running'
            AND NOT EXISTS (SELECT FROM "Mesh" WHERE "attemptId" = attempt.id)
            AND NOT EXISTS (SELECT FROM "MeshHost" WHERE "takenOverById" = attempt.id)
            AND NOT EXISTS (SELECT FROM "Attempt" AS retry WHERE retry."parentId" = attempt.id)
          LIMIT ${batch} FOR UPDATE SKIP LOCKED),
        hosts AS (DELETE FROM "AttemptHost" WHERE "attemptId" IN (SELECT id FROM gone)),
        changes AS (DELETE FROM "StateChange" WHERE subject = 'attempt' AND "subjectId" IN (SELECT id FROM gone))
      DELETE FROM "Attempt" WHERE id IN (SELECT id FROM gone)`,
  },
  {
    name: 'snapshots',
    batch: ROWS,
    // An attempt that is being written takes a snapshot that is there already, without a row to lock.
    lock: Prisma.sql`LOCK TABLE "Snapshot" IN SHARE ROW EXCLUSIVE MODE`,
    deletion: ({ since }, batch) => Prisma.sql`
      DELETE FROM "Snapshot" WHERE digest = ANY(ARRAY(
        SELECT digest FROM "Snapshot" AS snapshot
        WHERE "createdAt" < ${since}::timestamptz
          AND NOT EXISTS (SELECT FROM "Attempt" WHERE "configDigest" = snapshot.digest)
          AND NOT EXISTS (SELECT FROM "Mesh" WHERE "configDigest" = snapshot.digest)
        LIMIT ${batch}))`,
  },
  {
    name: 'old transitions',
    batch: ROWS,
    deletion: ({ since }, batch) => Prisma.sql`
      DELETE FROM "ProcTransition" WHERE ctid = ANY(ARRAY(
        SELECT made.ctid FROM "ProcTransition" AS made
        WHERE "recordedAt" < ${since}::timestamptz AND EXISTS (
          SELECT FROM "ProcTransition" AS newer
          WHERE newer."procId" = made."procId" AND (newer.generation, newer.id) > (made.generation, made.id))
        LIMIT ${batch}))`,
  },
  {
    name: 'more transitions than are kept',
    batch: ROWS,
    deletion: ({ atMost: { transitionsPerProc } }, batch) => Prisma.sql`
      DELETE FROM "ProcTransition" WHERE ctid = ANY(ARRAY(
        SELECT made.ctid
        FROM (SELECT "procId" FROM "ProcTransition" GROUP BY 1 HAVING count(*) > ${transitionsPerProc}) AS crowded
        CROSS JOIN LATERAL (
          SELECT ctid FROM "ProcTransition" WHERE "procId" = crowded."procId"
          ORDER BY generation DESC, id DESC OFFSET ${transitionsPerProc}) AS made
        LIMIT ${batch}))`,
  },
  {
    name: 'old changes',
    batch: ROWS,
    deletion: ({ since }, batch) => Prisma.sql`
      DELETE FROM "StateChange" WHERE ctid = ANY(ARRAY(
        SELECT change.ctid FROM "StateChange" AS change
        WHERE at < ${since}::timestamptz AND EXISTS (
          SELECT FROM "StateChange" AS newer
          WHERE newer."subjectId" = change."subjectId" AND newer.rank IS NOT DISTINCT FROM change.rank
            AND newer.id > change.id)
        LIMIT ${batch}))`,
  },
  {
    name: 'more changes than are kept',
    batch: ROWS,
    deletion: ({ atMost: { changesPerThing } }, batch) => Prisma.sql`
      DELETE FROM "StateChange" WHERE ctid = ANY(ARRAY(
        SELECT change.ctid
        FROM (
          SELECT "subjectId", rank FROM "StateChange" GROUP BY 1, 2 HAVING count(*) > ${changesPerThing}) AS crowded
        CROSS JOIN LATERAL (
          SELECT ctid FROM "StateChange"
          WHERE "subjectId" = crowded."subjectId" AND rank IS NOT DISTINCT FROM crowded.rank
          ORDER BY id DESC OFFSET ${changesPerThing}) AS change
        LIMIT ${batch}))`,
  },
  {
    name: 'more output than is kept',
    batch: ROWS,
    deletion: ({ atMost: { outputPerProc } }, batch) => Prisma.sql`
      DELETE FROM "ProcLog" WHERE ctid = ANY(ARRAY(
        SELECT log.ctid FROM "Proc" AS proc
        JOIN "ProcLog" AS log ON log."procId" = proc.id AND log.seq <= proc."logSeq" - ${outputPerProc}::int
        WHERE proc."logSeq" > ${outputPerProc}::int
        LIMIT ${batch}))`,
  },
  {
    name: 'audit entries',
    batch: ROWS,
    deletion: ({ since, atMost: { auditEntries } }, batch) => Prisma.sql`
      DELETE FROM "AuditEntry" WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM "AuditEntry" AS entry
        WHERE at < ${since}::timestamptz OR (at, id) <= (
          SELECT at, id FROM "AuditEntry" ORDER BY at DESC, id DESC OFFSET ${auditEntries} LIMIT 1)
        LIMIT ${batch}))`,
  },
  {
    name: 'expired sessions',
    batch: ROWS,
    deletion: (_kept, batch) => Prisma.sql`
      DELETE FROM "Session" WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM "Session" WHERE "expiresAt" <= now() LIMIT ${batch}))`,
  },
  {
    name: 'signs of life of former APIs',
    batch: ROWS,
    deletion: ({ since }, batch) => Prisma.sql`
      DELETE FROM "Heartbeat" WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM "Heartbeat" WHERE at < ${since}::timestamptz LIMIT ${batch}))`,
  },
];
