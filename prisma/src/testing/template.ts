import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import { startPostgres } from '../postgres/start-postgres.ts';

/** A migrated database to clone, and the server that it is on. */
export interface Template {
  serverUrl: string;
  name: string;
  /** Removes the template, and the server if it was started for it. */
  remove(): Promise<void>;
}

/** Nothing that these tests write has to survive a crash of the machine. */
const throwaway = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
};

/** Makes a template on the given server, or else on one that is started for it. */
export async function makeTemplate(givenUrl: string | undefined): Promise<Template> {
  const name = `hostmesh_template_${randomUUID()}`;
  const { url: serverUrl, remove } =
    givenUrl === undefined
      ? await startThrowaway()
      : { url: givenUrl, remove: () => runSql(givenUrl, `DROP DATABASE "${name}" WITH (FORCE)`) };
  try {
    await runSql(serverUrl, `CREATE DATABASE "${name}"`);
    const migrated = await applyMigrations(databaseUrl(serverUrl, name));
    if (!migrated.ok) throw new Error(migrated.fault.message);
    return { serverUrl, name, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startThrowaway(): Promise<{ url: string; remove: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hostmesh-test-'));
  const server = await startPostgres({ dataDir, settings: throwaway });
  if (!server.ok) throw new Error(server.fault.message);
  return {
    url: server.value.url,
    remove: async () => {
      await server.value.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs one statement on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(sql).finally(async () => {
    await client.end();
  });
}

/** The rows of one query, on a connection of its own. */
export async function readRows<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<Row>(sql).finally(() => client.end());
  return rows;
}

/** The URL of another database on the same server. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
