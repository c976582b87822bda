import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerHeaders } from '@hostmesh/core';

/** Where the proxied API is, as the framework tells it with each answer: that is nobody's business. */
const INNER_HEADER = 'x-middleware-rewrite';

/** Runs once in every process of the dashboard, before it serves. */
export function register(): void {
  // Each answer has them from its first moment: files, redirects and errors of the framework never get to code of ours.
  subscribe('http.server.request.start', (message) => {
    // As Node documents this channel.
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    // The framework cannot even make a request of this one. Nobody serves the other, which is refused in its place.
    if (request.method === 'TRACE') request.method = 'OPTIONS';
    for (const [name, value] of Object.entries(answerHeaders)) response.setHeader(name, value);
    const send = response.writeHead;
    response.writeHead = (...given: unknown[]) => {
      response.removeHeader(INNER_HEADER);
      // Passed on as it came, whichever of its forms that is.
      return send.apply(response, given as Parameters<typeof send>);
    };
  });
}
