import { randomUUID } from 'node:crypto';
import {
  request as requestOf,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { problemTable, type ProblemCode } from '@hostmesh/contract';
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
    if (!isAllowedHost(request.headers.host, deps.allowedHosts))
      return refuse(
        response,
        'host_refused',
        'This name is not served here. HOSTMESH_ALLOWED_HOSTS adds names.',
      );
    if (/^\/api(\/|\?|$)/.test(request.url ?? '')) return handOn(request, response, deps);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return refuse(response, 'method_not_allowed', `${request.method} is not served here; GET is.`);
    }
    if (hasBody(request)) return refuse(response, 'payload_too_large', 'A page takes no body.');
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
    refuse(response, 'api_unreachable', 'The dashboard works, and the API behind it does not answer.');
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

/** As the API refuses. */
function refuse(response: ServerResponse, code: ProblemCode, detail: string): void {
  const { status, title } = problemTable[code];
  const problem = { type: `urn:hostmesh:problem:${code}`, title, status, code, detail };
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ ...problem, requestId: `req_${randomUUID()}` }));
}
