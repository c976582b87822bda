import { readdir } from 'node:fs/promises';
import type pg from 'pg';

/** Where migrations are, in Prisma's own layout. */
export const migrationsDir = new URL('../../migrations/', import.meta.url);

/** What the database is to look like. */
export const schemaFile = new URL('../schema.prisma', migrationsDir);

/** A copy of it as of the latest migration: the next migration is the difference between the two. */
export const migratedSchema = new URL('schema.prisma', migrationsDir);

/** Names of all migrations, oldest first. */
export async function listMigrations(): Promise<string[]> {
  const entries = await readdir(migrationsDir, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Names of migrations that the database does not have yet, oldest first. */
export async function pendingMigrations(db: pg.Pool): Promise<string[]> {
  const known = await listMigrations();
  const { rows: tables } = await db.query(`SELECT to_regclass('_prisma_migrations') AS name`);
  if (tables[0]?.name === null) return known;
  const { rows } = await db.query<{ migration_name: string }>(
    `SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
  );
  const applied = new Set(rows.map((row) => row.migration_name));
  return known.filter((name) => !applied.has(name));
}
