import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../migrate/apply-migrations.ts';
import { startPostgres } from '../postgres/start-postgres.ts';

/** The database server of a run of tests. */
export interface TestServer {
  url: string;
  /** The URL of a migrated database with nothing in it, the caller's alone until it is given back. */
  take(): Promise<string>;
  /** Empties a database for the next test: a quarter of the time of a new one. */
  giveBack(url: string): Promise<void>;
  /** Removes all that was made, and the server if it was started for it. */
  remove(): Promise<void>;
}

/** Nothing that these tests write has to survive a crash of the machine. */
const throwaway = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '300',
};

/** Makes test databases on the given server, or else on one that is started for them. */
export async function makeTestServer(givenUrl: string | undefined): Promise<TestServer> {
  const template = `hostmesh_template_${randomUUID()}`;
  const made = [template];
  const dropAll = async (url: string) => {
    for (const name of made) await runSql(url, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  };
  const { url, remove } =
    givenUrl === undefined ? await startThrowaway() : { url: givenUrl, remove: () => dropAll(givenUrl) };
  try {
    await runSql(url, `CREATE DATABASE "${template}"`);
    const migrated = await applyMigrations(databaseUrl(url, template));
    if (!migrated.ok) throw new Error(migrated.fault.message);
  } catch (error) {
    await remove();
    throw error;
  }
  const free: string[] = [];
  const clone = async () => {
    const name = `hostmesh_test_${randomUUID()}`;
    made.push(name);
    // By way of the log: copying files makes the server write out everything before and after.
    await runSql(url, `CREATE DATABASE "${name}" TEMPLATE "${template}" STRATEGY WAL_LOG`);
    return databaseUrl(url, name);
  };
  return {
    url,
    take: async () => free.pop() ?? (await clone()),
    giveBack: async (database) => {
      await runSql(database, `${DISCONNECT_OTHERS}; ${DELETE_ROWS}`);
      free.push(database);
    },
    remove,
  };
}

/**
 * Deletes every row. In one statement, so that tables may refer to each other in any way: references are checked at
 * its end.
 */
export const DELETE_ROWS = `
  DO $$ BEGIN
    EXECUTE (
      SELECT 'WITH ' || string_agg(format('t%s AS (DELETE FROM %I)', oid, relname), ', ') || ' SELECT'
      FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations');
  END $$`;

const DISCONNECT_OTHERS = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

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

/** Runs one script on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<void> {
  await readRows(url, sql);
}

/** The rows of one query, on a connection of its own. */
export async function readRows<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The URL of another database on the same server. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
