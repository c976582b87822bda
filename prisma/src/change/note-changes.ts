import { CONSOLE, type ChangedBy } from '../database/changed-by.ts';
import { jsonRows } from '../database/text.ts';
import type { PrismaClient } from '../generated/client.ts';

/** A part of the console, and how it has come to be. */
export interface EngineChange {
  /** `api` is the console itself. */
  part: 'api' | 'database' | 'disk' | 'process';
  to: string;
  why: string | null;
  at: Date;
}

/** A proc that nobody accounted for, and how it is after somebody stopped it. */
export interface OrphanChange {
  procId: string;
  meshId: string;
  hostId: string | null;
  to: string;
  why: string;
  at: Date;
}

/**
 * Appends what the parts of this owner's console have become, in this order: only what is another state than the last one that
 * was noted. So it may be told again.
 */
export async function noteEngine(
  client: PrismaClient,
  owner: string,
  changes: readonly EngineChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ part, ...change }, position) => ({
    ...change,
    subjectId: `${part}@${owner}`,
    position,
  }));
  await client.$executeRaw`
    WITH given AS (
      SELECT new.*, coalesce(
        lag(new."to") OVER (PARTITION BY new."subjectId" ORDER BY position),
        (SELECT last."to" FROM "StateChange" AS last
         WHERE last."subjectId" = new."subjectId" AND last.rank IS NULL ORDER BY id DESC LIMIT 1)) AS "from"
      FROM json_to_recordset(${jsonRows(rows)}::json) AS new (
        "subjectId" text, "to" text, why text, at timestamptz, position int))
    INSERT INTO "StateChange" (subject, "subjectId", "from", "to", why, by, act, at)
    SELECT 'engine', "subjectId", "from", "to", why, ${CONSOLE}, 'observe', at
    FROM given WHERE "from" IS DISTINCT FROM "to" ORDER BY position`;
}

/**
 * This owner's console begins at `at`: where it had not said that it would end, it has been away since its last sign of life.
 * To be told before the first one.
 */
export async function noteStart(client: PrismaClient, owner: string, at: Date): Promise<void> {
  const last = await client.stateChange.findFirst({
    where: { subjectId: `api@${owner}`, rank: null },
    orderBy: { id: 'desc' },
    select: { to: true, at: true },
  });
  const beat = await client.heartbeat.findUnique({ where: { owner } });
  // Also that of a version which noted nothing of itself.
  const since = last?.to === 'running' || last === null ? beat?.at : undefined;
  const why = 'it ended without a word; its last sign of life was then';
  await noteEngine(client, owner, [
    ...(since === undefined ? [] : [{ part: 'api' as const, to: 'away', why, at: since }]),
    { part: 'api', to: 'running', why: null, at },
  ]);
}

/** Appends what became of procs that somebody stopped as orphans. */
export async function noteOrphans(
  client: PrismaClient,
  orphans: readonly OrphanChange[],
  { by, act }: ChangedBy,
): Promise<void> {
  await client.$executeRaw`
    INSERT INTO "StateChange" (subject, "subjectId", "meshId", "hostId", "from", "to", why, by, act, at)
    SELECT 'orphan', "procId", "meshId", "hostId", 'running', "to", why, ${by}, ${act}, at
    FROM json_to_recordset(${jsonRows(orphans)}::json) AS new (
      "procId" text, "meshId" text, "hostId" text, "to" text, why text, at timestamptz)`;
}
