import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { databaseUrl, runSql } from './testing/test-server.ts';

export { runSql };

/** A database of one test alone. */
export interface TestDatabase {
  url: string;
  /** Ends what is still connected to it and hands it, emptied, to the next test. */
  release(): Promise<void>;
  /** Ends what is still connected to it and removes it. */
  drop(): Promise<void>;
}

/**
 * A migrated database with nothing in it. The server is the one of TEST_DATABASE_URL, or an embedded one that ends with
 * the run. Whoever changes more than rows drops it in place of releasing it.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const url = await askBroker('/take');
  return {
    url,
    release: async () => {
      await askBroker('/give-back', url);
    },
    drop: () => dropDatabase(url),
  };
}

/** The URL of a database without any tables; drop it in the end. */
export async function createEmptyDatabase(): Promise<Pick<TestDatabase, 'url' | 'drop'>> {
  const serverUrl = await askBroker('/server');
  const name = `hostmesh_empty_${randomUUID()}`;
  await runSql(serverUrl, `CREATE DATABASE "${name}" TEMPLATE template0`);
  const url = databaseUrl(serverUrl, name);
  return { url, drop: () => dropDatabase(url) };
}

async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await runSql(await askBroker('/server'), `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
}

async function askBroker(path: string, body = ''): Promise<string> {
  const reply = await fetch(inject('testDatabaseBroker') + path, { method: 'POST', body });
  const answer = await reply.text();
  if (!reply.ok) throw new Error(`no test database: ${answer}`);
  return answer;
}
