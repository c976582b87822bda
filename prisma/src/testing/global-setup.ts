import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';
import { makeTestServer, type TestServer } from './test-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where workers ask for the databases of this run. */
    testDatabaseBroker: string;
  }
}

/**
 * Gives a whole run one database server, owned by the process that outlives its workers. Nothing starts until
 * the first test asks.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<TestServer> | undefined;
  const broker = createServer((request, response) => {
    const answer = async () => {
      const { url, take, giveBack } = await (server ??= makeTestServer(process.env['TEST_DATABASE_URL']));
      if (request.url === '/take') return take();
      if (request.url === '/give-back') await giveBack(await text(request));
      return url;
    };
    answer().then(
      (url) => response.end(url),
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
    await (await server?.catch(() => undefined))?.remove();
  };
}
