import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { MigrationList } from '@prisma/schema-engine-wasm';
import { expect, onTestFinished, test } from 'vitest';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import { listMigrations, migrationsDir, readMigration } from '../migrate/migrations.ts';
import { emptyDatabaseUrl, valueOf } from '../testing/fixture.ts';
import { readRows, runSql } from '../testing/test-server.ts';
import { diffSchemas, noFilter, schemaFile, startSchemaEngine } from './schema-engine.ts';

/** All that a schema can say of its tables, in Postgres' own words, so that the same always reads the same. */
async function describeTables(url: string): Promise<string[]> {
  const rows = await readRows<{ line: string }>(
    url,
    `
    SELECT format('column %s.%s %s %s %s %s', table_name, column_name, udt_name, datetime_precision, is_nullable, column_default) AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT format('constraint %s %s', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT format('enum %s %s', enumtypid::regtype, array_agg(enumlabel ORDER BY enumsortorder)) FROM pg_enum
      GROUP BY enumtypid
    ORDER BY 1`,
  );
  return rows.map(({ line }) => line).filter((line) => !line.includes('_prisma_migrations'));
}

/** Applies all migrations as Prisma's command line does, and answers the names of those that it applied. */
async function applyWithPrisma(url: string): Promise<string[]> {
  const names = await listMigrations();
  const migrationsList: MigrationList = {
    baseDir: fileURLToPath(migrationsDir),
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"' },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok' as const, value: (await readMigration(name)).script },
        },
      })),
    ),
  };
  const engine = await startSchemaEngine(url);
  onTestFinished(() => engine.free());
  return (await engine.applyMigrations({ migrationsList, filters: noFilter })).appliedMigrationNames;
}

test('every change of the schema has its migration', async () => {
  const [migrated, made] = [await emptyDatabaseUrl(), await emptyDatabaseUrl()];
  valueOf(await applyMigrations(migrated));
  await runSql(made, (await diffSchemas(made, undefined, await readFile(schemaFile, 'utf8'))) ?? '');
  const tables = await describeTables(migrated);
  expect(tables).toEqual(await describeTables(made));
  expect(tables).toContainEqual(expect.stringContaining('Attempt_running_mesh_key'));
});

test('what we have migrated Prisma takes for migrated, and the reverse', async () => {
  const [ours, theirs] = [await emptyDatabaseUrl(), await emptyDatabaseUrl()];
  valueOf(await applyMigrations(ours));
  expect(await applyWithPrisma(ours)).toEqual([]);
  expect(await applyWithPrisma(theirs)).toEqual(await listMigrations());
  expect(valueOf(await applyMigrations(theirs))).toEqual([]);
  const notes = `SELECT migration_name, checksum, applied_steps_count, logs, rolled_back_at FROM _prisma_migrations ORDER BY 1`;
  expect(await readRows(ours, notes)).toEqual(await readRows(theirs, notes));
});
