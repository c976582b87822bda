import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { answerHeaders } from '@hostmesh/core';
import type { ConnectionError } from 'fastify';
import type { RouteFault } from '../problem/route-fault.ts';
import { problemOf } from '../problem/send-problem.ts';
import { parserFaultOf } from '../problem/thrown-fault.ts';

/** On every answer. What we answer with is data: nothing in it may run, be framed or be guessed at. */
export const securityHeaders = {
  ...answerHeaders,
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
} as const;

/** What was sent is no HTTP, so that there is no request to answer: only its socket. */
export function answerParserError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  endWith(socket, parserFaultOf(error.code));
}

/** Answers what the server keeps from every route: an expectation that it does not know, and a wish for a tunnel. */
export function answerNoRequest(server: Server): void {
  server.on('checkExpectation', (request, response) => {
    // Its socket is closed with it: what follows is a body that nobody reads.
    response.detachSocket(request.socket);
    const message = `Expect: ${String(request.headers.expect).slice(0, 200)} is not known here; leave it out.`;
    endWith(request.socket, { code: 'expectation_failed', message });
  });
  server.on('connect', (_request, socket) => {
    endWith(socket, { code: 'method_not_allowed', message: 'CONNECT is not served here.' });
  });
}

/** The problem document of a fault as the last thing on a connection, which nobody else looks after: it ends with that, whatever the other side does. */
function endWith(socket: Duplex, fault: RouteFault): void {
  const problem = problemOf(fault, `req_${randomUUID()}`);
  const body = JSON.stringify(problem);
  const headers = {
    ...securityHeaders,
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': problem.requestId,
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const status = `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`;
  socket.on('error', () => socket.destroy());
  socket.end(`${[status, ...head].join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
