import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';

/** Where migrations are, in Prisma's own layout: a folder each, named by its time, with a `migration.sql`. */
export const migrationsDir = new URL('../../migrations/', import.meta.url);

/** A script with this line runs as it is. It holds one statement only: of several Postgres makes a transaction by itself. */
const OUTSIDE_TRANSACTION = /^-- hostmesh: outside a transaction$/m;

/** One migration as its file has it. */
export interface Migration {
  readonly name: string;
  readonly script: string;
  /** SHA-256 of the file, which Prisma's own tools note too. */
  readonly checksum: string;
  readonly inTransaction: boolean;
}

/** Names of all migrations, oldest first. */
export async function listMigrations(dir: URL = migrationsDir): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Reads the migration of that name. */
export async function readMigration(name: string, dir: URL = migrationsDir): Promise<Migration> {
  const script = await readFile(new URL(`${name}/migration.sql`, dir), 'utf8');
  const checksum = createHash('sha256').update(script).digest('hex');
  return { name, script, checksum, inTransaction: !OUTSIDE_TRANSACTION.test(script) };
}

/** Whether the database has the table in which Prisma's tools and we note migrations. */
export async function hasMigrationTable(db: pg.Pool | pg.PoolClient): Promise<boolean> {
  const { rows } = await db.query<{ name: string | null }>(
    `SELECT to_regclass('_prisma_migrations')::text AS name`,
  );
  return rows.some(({ name }) => name !== null);
}

/** Names of migrations that the database does not have yet, oldest first. */
export async function pendingMigrations(
  db: pg.Pool | pg.PoolClient,
  dir: URL = migrationsDir,
): Promise<string[]> {
  const known = await listMigrations(dir);
  if (!(await hasMigrationTable(db))) return known;
  const { rows } = await db.query<{ migration_name: string }>(
    `SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  const applied = new Set(rows.map((row) => row.migration_name));
  return known.filter((name) => !applied.has(name));
}
