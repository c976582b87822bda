import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '@hostmesh/core';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import type pg from 'pg';
import type { DatabaseFault } from '../database/fault.ts';
import { openPool } from '../database/pool.ts';
import { listMigrations, migrationsDir, pendingMigrations } from './pending.ts';

/** Any number that no other program locks. */
const LOCK = 0x686f7374;

/**
 * Brings the database up to date and answers the names of the migrations that it applied. Any number of replicas
 * may call this at once: one works, the others wait and then find nothing to do. A failed migration leaves the
 * database as it was before it.
 */
export async function applyMigrations(databaseUrl: string): Promise<Result<string[], DatabaseFault>> {
  const opened = await openPool(databaseUrl, { poolSize: 1 });
  if (!opened.ok) return opened;
  const pool = opened.value;
  try {
    if ((await pendingMigrations(pool)).length === 0) return ok([]);
    await pool.query('SELECT pg_advisory_lock($1)', [LOCK]);
    const pending = await pendingMigrations(pool);
    return pending.length === 0 ? ok([]) : await applyPending(databaseUrl, pool);
  } finally {
    // Ends the session and with it the lock.
    await pool.end();
  }
}

/**
 * A script runs as one transaction, so what an earlier run noted as begun and not as finished, because it failed
 * or was killed, has not happened. Without this the engine would refuse to go on.
 */
const noteRolledBack = `
  DO $$ BEGIN
    IF to_regclass('_prisma_migrations') IS NOT NULL THEN
      UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
    END IF;
  END $$`;

async function applyPending(databaseUrl: string, pool: pg.Pool): Promise<Result<string[], DatabaseFault>> {
  await pool.query(noteRolledBack);
  const { noFilter, startEngine } = await import('./engine.ts');
  await using engine = await startEngine(databaseUrl);
  try {
    const { appliedMigrationNames } = await engine.run.applyMigrations({
      migrationsList: await readMigrations(),
      filters: noFilter,
    });
    return ok(appliedMigrationNames);
  } catch (cause) {
    // What follows the message is the engine's own trace.
    const [message] = (cause instanceof Error ? cause.message : String(cause)).split('\n   0:');
    return fail({
      code: 'migration_failed',
      message: `The database could not be migrated: ${message}`,
      cause,
    });
  }
}

/** All migrations with their scripts, as the engine wants them. */
async function readMigrations(): Promise<MigrationList> {
  const names = await listMigrations();
  return {
    baseDir: fileURLToPath(migrationsDir),
    lockfile: {
      path: 'migration_lock.toml',
      content: await readFile(new URL('migration_lock.toml', migrationsDir), 'utf8'),
    },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: {
            tag: 'ok' as const,
            value: await readFile(new URL(`${name}/migration.sql`, migrationsDir), 'utf8'),
          },
        },
      })),
    ),
  };
}
