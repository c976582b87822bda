import { once } from 'node:events';
import { Agent, METHODS, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { json as jsonOf, text } from 'node:stream/consumers';
import { Problem } from '@hostmesh/contract';
import { answerHeaders, ok } from '@hostmesh/core';
import { afterAll, describe, expect, test } from 'vitest';
import { bearer, buildTestServer } from '../testing/test-server.ts';

const app = buildTestServer();
afterAll(() => app.close());
const listening = app.listen({ port: 0, host: '127.0.0.1' });
const jsonHeaders = { ...bearer, 'content-type': 'application/json' };

describe('the HTTP server on a socket', () => {
  /** What comes back for these very bytes, as a problem with the headers before it. */
  async function answerTo(bytes: string): Promise<{ head: string; problem: Problem }> {
    const socket = connect(Number(new URL(await listening).port), '127.0.0.1');
    socket.end(bytes);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
    return { head, problem: Problem.parse(JSON.parse(body)) };
  }

  test('every method of HTTP is answered with a problem document, on a path that is served and on none', async () => {
    const { port } = new URL(await listening);
    const ask = (method: string, path: string) =>
      new Promise<IncomingMessage>((resolve, reject) => {
        const headers = { ...bearer, 'content-length': '0' };
        request({ port, method, path, headers }, resolve).on('error', reject).end();
      });
    const others = METHODS.filter((method) => !['GET', 'HEAD', 'POST', 'DELETE', 'CONNECT'].includes(method));
    for (const method of others) {
      for (const [path, code] of [
        ['/api/v1/session', 'method_not_allowed'],
        ['/api/v1/meshes/x', 'method_not_allowed'],
        ['/api/v1/nothing', 'not_found'],
      ] as const) {
        const problem = Problem.parse(await jsonOf(await ask(method, path)));
        expect({ method, path, code: problem.code }).toEqual({ method, path, code });
      }
    }
    // What never ends, or only changes something, has no head.
    for (const path of ['/api/v1/events', '/api/v1/preflight'])
      expect((await ask('HEAD', path)).statusCode).toBe(405);
  });

  test.each([
    ['no HTTP', 'FOO / HTTP/1.1\r\nHost: localhost\r\n\r\n', 400, 'invalid_request'],
    ['another version', 'GET / HTTP/9.9\r\nHost: localhost\r\n\r\n', 400, 'invalid_request'],
    ['no header', 'GET / HTTP/1.1\r\nHost localhost\r\n\r\n', 400, 'invalid_request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'invalid_request',
    ],
    ['NUL in a header', 'GET / HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n', 400, 'invalid_request'],
    [
      'large headers',
      `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'an expectation',
      'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\nContent-Length: 1\r\n\r\nx',
      417,
      'expectation_failed',
    ],
    ['a tunnel', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n', 405, 'method_not_allowed'],
  ] as const)('%s is answered with a problem document and all headers', async (_, bytes, status, code) => {
    const { head, problem } = await answerTo(bytes);
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('content-type: application/problem+json');
    for (const [name, value] of Object.entries(answerHeaders)) expect(head).toContain(`${name}: ${value}`);
    expect(problem).toMatchObject({ status, code });
  });

  test.each([
    ['a tunnel', 'CONNECT localhost:22 HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [
      'an expectation',
      'POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nExpect: tea\r\nContent-Length: 9\r\n\r\n',
    ],
    ['no HTTP', 'FOO\r\n\r\n'],
  ])('a connection that asks for %s may be reset, and costs the others nothing', async (_, bytes) => {
    const { port } = new URL(await listening);
    const reset = connect(Number(port), '127.0.0.1');
    reset.on('error', () => undefined);
    reset.write(bytes, () => reset.resetAndDestroy());
    await once(reset, 'close');
    const other = connect(Number(port), '127.0.0.1');
    other.end(bytes);
    expect(await text(other)).toContain('application/problem+json');
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
