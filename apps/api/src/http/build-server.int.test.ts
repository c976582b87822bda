import { Agent, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { json as jsonOf, text } from 'node:stream/consumers';
import { Problem } from '@hostmesh/contract';
import { ok } from '@hostmesh/core';
import { afterAll, describe, expect, test } from 'vitest';
import { bearer, buildTestServer } from '../testing/test-server.ts';

const app = buildTestServer();
afterAll(() => app.close());
const listening = app.listen({ port: 0, host: '127.0.0.1' });
const jsonHeaders = { ...bearer, 'content-type': 'application/json' };

describe('the HTTP server on a socket', () => {
  test('every method of HTTP is answered with a problem document', async () => {
    const { port } = new URL(await listening);
    const ask = (method: string, path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { ...bearer, 'content-length': '0' };
        request({ port, method, path, headers }, resolve).on('error', reject).end();
      });
    for (const [method, path, code] of [
      ['TRACE', '/api/v1/session', 'method_not_allowed'],
      ['PATCH', '/api/v1/session', 'method_not_allowed'],
      ['OPTIONS', '/api/v1/meshes/x', 'method_not_allowed'],
      ['TRACE', '/api/v1/nothing', 'not_found'],
      ['PROPFIND', '/api/v1/session', 'not_found'],
    ] as const) {
      const problem = Problem.parse(await jsonOf(await ask(method, path)));
      expect({ method, path, code: problem.code }).toEqual({ method, path, code });
    }
  });

  test('what is no HTTP is answered with a problem document', async () => {
    const socket = connect(Number(new URL(await listening).port), '127.0.0.1');
    socket.end('FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect(Problem.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).code).toBe('invalid_request');
  });

  test('a body of many megabytes is a 413 that its sender gets to read', async () => {
    const { port } = new URL(await listening);
    const body = Buffer.alloc(40_000_000, 'x');
    for (let round = 0; round < 8; round += 1) {
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { ...jsonHeaders, 'content-length': String(body.length) };
        const sent = request({ port, method: 'POST', path: '/api/v1/preflight', headers, agent: false });
        // Reads the answer only once everything has been sent, as simple clients do.
        sent.on('error', reject).on('response', resolve).end(body);
      });
      expect(answer.statusCode).toBe(413);
      expect(Problem.parse(await jsonOf(answer)).code).toBe('payload_too_large');
    }
  });

  test('a stream that ends only after the server began to close does not hold it up', async () => {
    const stream = new PassThrough();
    const own = buildTestServer({
      events: async () => ok({ kind: 'stream', stream, contentType: 'text/event-stream' }),
    });
    const { port } = new URL(await own.listen({ port: 0, host: '127.0.0.1' }));
    const agent = new Agent({ keepAlive: true });
    stream.write(': hello\n\n');
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      request({ port, path: '/api/v1/events', headers: bearer, agent }, resolve).on('error', reject).end();
    });
    const read = text(answer);
    const closing = own.close();
    setTimeout(() => stream.end(), 100);
    await closing;
    expect(await read).toBe(': hello\n\n');
    agent.destroy();
    // Otherwise the connection would be kept for another request, for more than a minute.
  }, 30_000);
});
