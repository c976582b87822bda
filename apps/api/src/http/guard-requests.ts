import type { Socket } from 'node:net';
import { API_BASE, problemTable } from '@hostmesh/contract';
import { isAllowedHost } from '@hostmesh/core';
import { CLIENT_MARK_HEADER, guardServer, readClientMark, type MarkedClient } from '@hostmesh/part';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import { readBearer, readSessionCookie, type Caller, type Credentials } from '../auth/credentials.ts';
import type { ServiceHealth } from '../health/service-health.ts';
import { RequestError } from '../problem/thrown-fault.ts';
import { originRefusal, type AllowedCallers } from './allowed-callers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks: the dashboard's own client where the dashboard asks for it. */
    client: MarkedClient;
    /** What let them in; null before, and where nothing needs to. */
    credentials: Credentials | null;
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Answered without a token of the API: always, or when this says so of what a request shows. */
    public?: boolean | ((headers: IncomingHttpHeaders) => boolean);
  }
}

/** Who holds what a request shows. */
interface Gate {
  /** Who holds this token or session, if it is a good one. */
  authenticate(credentials: Credentials): Promise<Caller | undefined>;
  /** What names this installation in cookies. */
  installation(): Promise<string>;
}

export interface GuardDeps {
  readonly gate: Gate;
  readonly allow: AllowedCallers;
  /** What the dashboard marks with whom it asks for; null where none is trusted to. */
  readonly proxyKey: string | null;
  readonly health: Pick<ServiceHealth, 'refusal'>;
  /** Requests wait for this: until then what was left unfinished is being taken over. */
  readonly started: Promise<void>;
}

/** Up to here we read on what we have refused, of those who were let in and of strangers. */
const MAX_READ_ON_BYTES = 268_435_456;
const MAX_STRANGER_READ_ON_BYTES = 262_144;
const LINGER_MS = 1000;

/** Host, origin and token, in that order, before anything of the request is read. */
export function guardRequests(app: FastifyInstance, deps: GuardDeps): void {
  const { gate, allow, started, health } = deps;
  const door = guardServer(app.server);
  app.decorateRequest('caller');
  app.decorateRequest('client');
  app.decorateRequest('credentials', null);
  app.addHook('onRequest', async (request) => {
    request.client = clientOf(request, deps.proxyKey);
    await started;
    const { host } = request.headers;
    if (!isAllowedHost(host, allow.hosts)) {
      const message = `${String(host).slice(0, 200)} is not a name of this service; HOSTMESH_ALLOWED_HOSTS adds some.`;
      throw new RequestError({ code: 'host_refused', message });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') refuseOtherOrigins(request, allow);
    // The route decides, not the path: a path can be written in many ways.
    const outside = request.is404 && !request.url.startsWith(API_BASE);
    const { public: isPublic } = request.routeOptions.config;
    if (outside || (typeof isPublic === 'function' ? isPublic(request.headers) : isPublic)) return;
    // A database that hangs would keep everybody waiting for as long as a query may take.
    const refusal = health.refusal();
    if (refusal !== null) throw new RequestError(refusal);
    const credentials = await credentialsOf(request, gate);
    // A page of another port of this machine has our cookie, too, and a token of its own at best.
    if (credentials.bearer === undefined && credentials.session !== undefined)
      refuseOtherOrigins(request, allow);
    const caller = await gate.authenticate(credentials);
    if (caller === undefined) throw new RequestError(unknownCaller(credentials));
    request.caller = caller;
    request.credentials = credentials;
    door.prove(request.raw.socket);
  });
  readLargeBodiesOn(app);
}

async function credentialsOf({ headers, client }: FastifyRequest, gate: Gate): Promise<Credentials> {
  const bearer = readBearer(headers.authorization);
  if (bearer !== undefined || headers.cookie === undefined) return { bearer };
  const secret = readSessionCookie(headers.cookie, await gate.installation());
  return secret === undefined ? {} : { session: { secret, host: client.host } };
}

const unknownCaller = ({ bearer }: Credentials) => ({
  code: 'unauthenticated' as const,
  message:
    bearer === undefined
      ? 'Send Authorization: Bearer <token>, or sign in to the dashboard.'
      : 'The token that was sent is not known, or was revoked.',
  headers: { 'www-authenticate': 'Bearer' },
});

function refuseOtherOrigins({ headers }: FastifyRequest, allow: AllowedCallers): void {
  const { host, origin, 'sec-fetch-site': site } = headers;
  const refusal = originRefusal(allow, { origin, site: site?.toString(), host });
  if (refusal !== undefined) throw new RequestError({ code: 'origin_refused', message: refusal });
}

/** The peer, or whom the dashboard asks for: a mark without the right key counts as none. */
function clientOf({ headers, socket }: FastifyRequest, proxyKey: string | null): MarkedClient {
  const mark = headers[CLIENT_MARK_HEADER];
  const marked = proxyKey !== null && typeof mark === 'string' ? readClientMark(proxyKey, mark) : undefined;
  return marked ?? { address: socket.remoteAddress ?? 'unknown', host: (headers.host ?? '').toLowerCase() };
}

/**
 * Who sends a body that is too large gets to read why: a connection that is closed with the body on its way is reset,
 * and the answer on it lost. Of strangers no more than a little is read for that: then they have a moment to read.
 */
function readLargeBodiesOn(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
    const sizeBytes = Number(length ?? (coding === undefined ? 0 : Infinity));
    if (request.credentials === null && sizeBytes > MAX_STRANGER_READ_ON_BYTES) {
      reply.header('connection', 'close');
      return lingerUnread(request.raw.socket);
    }
    if (reply.statusCode !== problemTable.payload_too_large.status || sizeBytes > MAX_READ_ON_BYTES) return;
    reply.removeHeader('connection');
    request.raw.resume();
  });
}

/** How the socket is closed once the answer is sent: nothing more is read, and what was sent has time to arrive. */
function lingerUnread(socket: Socket): void {
  socket.destroySoon = () => {
    socket.pause();
    socket.end();
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  };
}
