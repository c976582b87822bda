import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routes } from '@hostmesh/contract';
import { expect, onTestFinished, test } from 'vitest';
import { callAllPages, createClient } from '../index.ts';

/** A server on a free port that answers as told; closed when the test ends. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A listening TCP server has an address object.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

const json =
  (status: number, body: unknown): RequestListener =>
  (_request, answer) => {
    answer.writeHead(status, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(body));
  };

test('a call sends the token and yields the parsed reply', async () => {
  const baseUrl = await serve((request, answer) =>
    json(200, {
      name: request.headers.authorization,
      version: '1',
      maxHosts: 3,
      retentionMs: 1,
      localAgents: null,
    })(request, answer),
  );
  const reply = await createClient({ baseUrl, token: 'secret' }).call(routes.session, {});
  expect(reply).toMatchObject({ ok: true, value: { name: 'Bearer secret', maxHosts: 3 } });
});

test('a problem document becomes a fault with its code, status and fields', async () => {
  const problem = {
    type: 'about:blank',
    title: 'The request is not valid',
    status: 400,
    code: 'invalid_request',
    detail: 'timeout: not a duration',
    requestId: 'req_1',
    errors: [{ field: 'timeout', message: 'not a duration' }],
  };
  const client = createClient({ baseUrl: await serve(json(400, problem)) });
  const reply = await client.call(routes.startAttach, { body: { mesh: 'a', hosts: 'b' } });
  expect(reply).toMatchObject({ ok: false, fault: { code: 'invalid_request', status: 400, problem } });
});

test('an answer that is not of the contract is a fault, not a wrong reply', async () => {
  const client = createClient({ baseUrl: await serve(json(200, { name: 7 })) });
  expect(await client.call(routes.session, {})).toMatchObject({ ok: false, fault: { code: 'bad_reply' } });
});

test('no server is a network fault that names the address', async () => {
  const baseUrl = 'http://127.0.0.1:1';
  const reply = await createClient({ baseUrl }).call(routes.session, {});
  expect(reply).toMatchObject({
    ok: false,
    fault: { code: 'network', message: expect.stringContaining(baseUrl) },
  });
});

test('an aborted call says so', async () => {
  const gaveUp = new AbortController();
  const client = createClient({ baseUrl: await serve(() => gaveUp.abort()) });
  const reply = await client.call(routes.session, { signal: gaveUp.signal });
  expect(reply).toMatchObject({ ok: false, fault: { code: 'aborted' } });
});

test('all pages are read, each from the cursor of the one before', async () => {
  const entry = (id: string) => ({
    id,
    at: '2026-01-01T00:00:00.000Z',
    actor: 'admin',
    action: 'attach',
    target: null,
    outcome: 'attached',
    requestId: 'r',
    count: 1,
    lastAt: null,
  });
  const baseUrl = await serve((request, answer) => {
    const second = request.url?.includes('cursor=c1') ?? false;
    json(200, { items: [entry(second ? '2' : '1')], nextCursor: second ? null : 'c1' })(request, answer);
  });
  const client = createClient({ baseUrl });
  const all = await callAllPages(client, routes.audit, {});
  expect(all.ok && all.value.map((item) => item.id)).toEqual(['1', '2']);
});
