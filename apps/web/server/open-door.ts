import { randomUUID } from 'node:crypto';
import {
  request as requestOf,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { isAllowedHost } from '@hostmesh/core';
import { CLIENT_MARK_HEADER, markClient } from '@hostmesh/part';

/** What stands behind the dashboard's door. */
export interface DoorDeps {
  readonly apiUrl: URL;
  /** What the API knows us by; null: it takes all whom we ask for as one. */
  readonly proxyKey: string | null;
  /** The names under which we are served, besides those of this machine. */
  readonly allowedHosts: readonly string[];
  readonly showPage: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Of one connection alone (RFC 9110, 7.6.1), and what only we say of whom we ask for. */
const OWN_HEADERS =
  /^(connection|keep-alive|proxy-.*|te|trailer|upgrade|expect|host|forwarded|x-forwarded-.*|x-real-ip|x-hostmesh-.*)$/;

/** Answers whoever asks by a name that is served here: pages as Next makes them, and the API's as it answers, while it answers. */
export function openDoor(server: Server, deps: DoorDeps): void {
  server.on('request', (request, response) => {
    if (!isAllowedHost(request.headers.host, deps.allowedHosts)) {
      const detail = 'This name is not served here. HOSTMESH_ALLOWED_HOSTS adds names.';
      return refuse(response, {
        status: 421,
        code: 'host_refused',
        title: 'This host name is not served here',
        detail,
      });
    }
    if (/^\/api(\/|\?|$)/.test(request.url ?? '')) return handOn(request, response, deps);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const detail = `${request.method} is not served here; GET is.`;
      response.setHeader('allow', 'GET, HEAD');
      return refuse(response, {
        status: 405,
        code: 'method_not_allowed',
        title: 'This method is not served here',
        detail,
      });
    }
    if (hasBody(request)) {
      const detail = 'A page takes no body.';
      return refuse(response, {
        status: 413,
        code: 'payload_too_large',
        title: 'The request body is too large',
        detail,
      });
    }
    deps.showPage(request, response);
  });
}

/** Nothing is kept of what passes: the slower side sets the pace, and when one side has gone, so has the other. */
function handOn(request: IncomingMessage, response: ServerResponse, { apiUrl, proxyKey }: DoorDeps): void {
  const headers = passedOn(request.headers);
  if (proxyKey !== null) {
    const { remoteAddress: address = 'unknown' } = request.socket;
    headers[CLIENT_MARK_HEADER] = markClient(proxyKey, {
      address,
      host: request.headers.host?.toLowerCase() ?? '',
    });
  }
  const { hostname, port } = apiUrl;
  const asked = requestOf({
    hostname,
    port,
    method: request.method,
    path: request.url,
    headers,
    agent: false,
  });
  asked.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
    // What comes is shown as it comes, the first event of a stream too.
    response.flushHeaders();
    answer.pipe(response);
    answer.once('error', () => response.destroy());
    answer.once('close', () => answer.complete || response.destroy());
  });
  asked.on('error', () => {
    if (response.headersSent) return;
    refuse(response, {
      status: 502,
      code: 'api_unreachable',
      title: 'The API does not answer',
      detail: 'The dashboard works, and the API behind it does not answer.',
    });
  });
  response.once('close', () => asked.destroy());
  request.on('error', () => asked.destroy());
  if (hasBody(request)) request.pipe(asked);
  else asked.end();
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const passedOn = (headers: IncomingHttpHeaders): IncomingHttpHeaders =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.test(name)));

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** As the API refuses. */
function refuse(response: ServerResponse, refusal: Refusal): void {
  const problem = {
    type: `urn:hostmesh:problem:${refusal.code}`,
    ...refusal,
    requestId: `req_${randomUUID()}`,
  };
  response.writeHead(refusal.status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify(problem));
}
