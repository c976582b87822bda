import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { databaseUrl, runSql, type Template } from './testing/template.ts';

/** A migrated, empty database of one test. */
export interface TestDatabase extends AsyncDisposable {
  url: string;
  drop(): Promise<void>;
}

/**
 * Clones the migrated template of this run: `await using database = await createTestDatabase()`. The server is
 * the one of TEST_DATABASE_URL, or an embedded one that ends with the run.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const reply = await fetch(inject('testDatabaseBroker'));
  if (!reply.ok) throw new Error(`no test database: ${await reply.text()}`);
  // Sent by global-setup.ts of this very version.
  const template = (await reply.json()) as Pick<Template, 'serverUrl' | 'name'>;
  const name = `hostmesh_test_${randomUUID()}`;
  // Half the time of the default, which writes every page of the template to the log.
  const clone = `CREATE DATABASE "${name}" TEMPLATE "${template.name}" STRATEGY FILE_COPY`;
  await runSql(template.serverUrl, clone);
  const drop = () => runSql(template.serverUrl, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  return { url: databaseUrl(template.serverUrl, name), drop, [Symbol.asyncDispose]: drop };
}
