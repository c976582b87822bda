// Writes a migration for what schema.prisma says now and did not say at the last one:
// `pnpm --filter @hostmesh/db migration:new <name>`. The engine insists on a server, and gets one of its own.
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DiffTarget } from '@prisma/schema-engine-wasm/schema_engine_bg';
import { startPostgres } from '../../postgres/start.ts';
import { noFilter, startEngine } from '../engine.ts';
import { migratedSchema, migrationsDir, schemaFile } from '../pending.ts';

const [name] = process.argv.slice(2);
if (name === undefined || !/^[a-z0-9_]+$/.test(name)) {
  console.error('usage: migration:new <name in snake_case>');
  process.exit(1);
}
const script = await diffSchemas();
if (script === undefined) {
  console.log('There is nothing to migrate.');
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = new URL(`${stamp}_${name}/`, migrationsDir);
  await mkdir(folder);
  await writeFile(new URL('migration.sql', folder), script);
  console.log(`Wrote prisma/migrations/${stamp}_${name}/migration.sql: read it before it is committed.`);
}
await copyFile(schemaFile, migratedSchema);

async function diffSchemas(): Promise<string | undefined> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-migration-'));
  const server = await startPostgres({ dataDir });
  if (!server.ok) throw new Error(server.fault.message);
  try {
    await using engine = await startEngine(server.value.url);
    const { stdout, exitCode } = await engine.run.diff({
      from: await readModel(migratedSchema),
      to: await readModel(schemaFile),
      script: true,
      exitCode: true,
      filters: noFilter,
    });
    return exitCode === 0 || stdout === null ? undefined : stdout;
  } finally {
    await server.value.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function readModel(file: URL): Promise<DiffTarget> {
  const content = await readFile(file, 'utf8').catch(() => undefined);
  return content === undefined
    ? { tag: 'empty' }
    : { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content }] };
}
