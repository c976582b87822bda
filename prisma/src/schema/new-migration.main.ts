// Writes a migration for what schema.prisma says now and did not say in the last commit:
// `pnpm --filter @hostmesh/db migration:new <name>`. In every commit schema and migrations agree: a test holds that.
// The engine insists on a server, and gets one of its own.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrationsDir } from '../migrate/migrations.ts';
import { startPostgres } from '../postgres/start-postgres.ts';
import { diffSchemas, schemaFile } from './schema-engine.ts';

const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  console.error('usage: migration:new <name in snake_case>');
  process.exit(1);
}
if (git('status', '--porcelain', '.') !== '') {
  console.error('There are migrations that are not committed: commit them first, or take them back.');
  process.exit(1);
}
const script = await diffFromCommitted();
if (script === undefined) {
  console.log('There is nothing to migrate.');
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = new URL(`${stamp}_${name}/`, migrationsDir);
  await mkdir(folder);
  await writeFile(new URL('migration.sql', folder), script);
  console.log(`Wrote prisma/migrations/${stamp}_${name}/migration.sql: read it before it is committed.`);
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: fileURLToPath(migrationsDir), encoding: 'utf8' });
}

async function diffFromCommitted(): Promise<string | undefined> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-migration-'));
  const server = await startPostgres({ dataDir });
  if (!server.ok) throw new Error(server.fault.message);
  try {
    return await diffSchemas(
      server.value.url,
      git('show', 'HEAD:./../schema.prisma'),
      await readFile(schemaFile, 'utf8'),
    );
  } finally {
    await server.value.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
