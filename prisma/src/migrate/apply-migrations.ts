import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok, type Result } from '@hostmesh/core';
import type pg from 'pg';
import type { DatabaseFault } from '../database/database-fault.ts';
import { openPool } from '../database/pool.ts';
import {
  hasMigrationTable,
  migrationsDir,
  pendingMigrations,
  readMigration,
  type Migration,
} from './migrations.ts';

/** The lock that Prisma's own tools take while they migrate: they and we wait for each other. */
const LOCK = 72_707_369;

/** How long to wait before the lock is asked for again. */
const LOCK_RETRY_MS = 200;

/** The table as Prisma's own tools make it. */
const MIGRATION_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum VARCHAR(64) NOT NULL,
    finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL,
    logs TEXT,
    rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`;

/**
 * Brings the database up to date and answers the names of the migrations that it applied. Any number of replicas
 * may call this at once: one works, the others wait and then find nothing to do. A failed migration leaves the
 * database as it was before it, but for a note of the failure. Prisma's own tools can go on where this ended, and
 * the reverse.
 */
export async function applyMigrations(
  databaseUrl: string,
  dir: URL = migrationsDir,
): Promise<Result<string[], DatabaseFault>> {
  const opened = await openPool(databaseUrl, { poolSize: 1 });
  if (!opened.ok) return opened;
  const pool = opened.value;
  try {
    if ((await pendingMigrations(pool, dir)).length === 0) return ok([]);
    const client = await pool.connect();
    // When the server hangs up, the query that is under way says so; told to nobody, it would end the process.
    client.on('error', () => undefined);
    try {
      await takeLock(client);
      return await applyPending(client, dir);
    } finally {
      // Closed, not given back: the end of the session is the end of its lock.
      client.release(true);
    }
  } finally {
    await pool.end();
  }
}

/**
 * Asks again and again, since a statement that waits for the lock has a snapshot: an index that is made concurrently by
 * the holder of the lock would wait for the end of it, and the two for each other.
 */
async function takeLock(client: pg.PoolClient): Promise<void> {
  const isTaken = async () => {
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      LOCK,
    ]);
    return rows[0]?.taken === true;
  };
  while (!(await isTaken())) await delay(LOCK_RETRY_MS);
}

async function applyPending(client: pg.PoolClient, dir: URL): Promise<Result<string[], DatabaseFault>> {
  const pending = await pendingMigrations(client, dir);
  const foreign = (await hasMigrationTable(client)) ? undefined : await findRelation(client);
  if (foreign !== undefined)
    return migrationFailed(`it is not empty and not Hostmesh's: "${foreign}" is in it`);
  try {
    await client.query(MIGRATION_TABLE);
    for (const name of pending) {
      const applied = await applyMigration(client, await readMigration(name, dir));
      if (!applied.ok) return applied;
    }
    return ok(pending);
  } catch (cause) {
    return migrationFailed(messageOf(cause), cause);
  }
}

/** A table or view that is there already and belongs to no extension of Postgres. */
async function findRelation(client: pg.PoolClient): Promise<string | undefined> {
  const { rows } = await client.query<{ relname: string }>(`
    SELECT relname FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
      AND NOT EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
    LIMIT 1`);
  return rows[0]?.relname;
}

/** Notes that the migration has begun before it runs, so that one which fails or is cut off leaves a trace. */
async function applyMigration(
  client: pg.PoolClient,
  migration: Migration,
): Promise<Result<void, DatabaseFault>> {
  const { name, checksum, inTransaction } = migration;
  const unfinished = `WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`;
  if (inTransaction) {
    // An earlier run failed or was killed, and took the transaction with it.
    await client.query(`UPDATE _prisma_migrations SET rolled_back_at = now() ${unfinished}`, [name]);
  } else if ((await client.query(`SELECT FROM _prisma_migrations ${unfinished}`, [name])).rowCount !== 0) {
    return migrationFailed(
      `${name} runs outside a transaction and was begun before: take back by hand what is there of it, then mark it with "prisma migrate resolve --rolled-back ${name}"`,
    );
  }
  const id = randomUUID();
  await client.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)`, [
    id,
    checksum,
    name,
  ]);
  try {
    await runScript(client, id, migration);
    return ok(undefined);
  } catch (cause) {
    const message = messageOf(cause);
    // When it is the connection that broke there is nothing to roll back, and no note.
    await client.query('ROLLBACK').catch(() => undefined);
    await client
      .query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, message])
      .catch(() => undefined);
    return migrationFailed(`${name}: ${message}`, cause);
  }
}

async function runScript(
  client: pg.PoolClient,
  id: string,
  { script, inTransaction }: Migration,
): Promise<void> {
  if (inTransaction) await client.query('BEGIN');
  await client.query(script);
  await client.query(
    'UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1',
    [id],
  );
  if (inTransaction) await client.query('COMMIT');
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const migrationFailed = (why: string, cause?: unknown): Result<never, DatabaseFault> =>
  fail({
    code: 'migration_failed',
    message: `The database could not be migrated: ${why}`,
    ...(cause !== undefined && { cause }),
  });
