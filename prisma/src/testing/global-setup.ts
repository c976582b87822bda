import { once } from 'node:events';
import { createServer } from 'node:http';
import type { TestProject } from 'vitest/node';
import { makeTemplate, type Template } from './template.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where workers ask for the template database of this run. */
    testDatabaseBroker: string;
  }
}

/**
 * Gives a whole run one database server, owned by the process that outlives its workers. Nothing starts until
 * the first test asks.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let template: Promise<Template> | undefined;
  const broker = createServer((_request, response) => {
    template ??= makeTemplate(process.env['TEST_DATABASE_URL']);
    template.then(
      ({ serverUrl, name }) => response.end(JSON.stringify({ serverUrl, name })),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  // A server that listens on a port has an address with one.
  const { port } = broker.address() as { port: number };
  project.provide('testDatabaseBroker', `http://127.0.0.1:${port}`);
  return async () => {
    broker.close();
    broker.closeAllConnections();
    // One that could not be made has cleaned up after itself, and failed the tests that asked for it.
    await (await template?.catch(() => undefined))?.remove();
  };
}
