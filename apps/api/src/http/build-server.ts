import { randomUUID } from 'node:crypto';
import { METHODS } from 'node:http';
import { API_BASE, problemTable, routes } from '@hostmesh/contract';
import { isAllowedHost } from '@hostmesh/core';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { readBearer, type Caller } from '../auth/credentials.ts';
import { registerDocs } from './register-docs.ts';
import { originRefusal, type AllowedCallers } from './allowed-callers.ts';
import { registerMetrics, type Metrics } from '../metrics/metrics.ts';
import { answerNoRequest, answerParserError, securityHeaders } from './answer-socket.ts';
import { sendFault } from '../problem/send-problem.ts';
import type { RouteFault } from '../problem/route-fault.ts';
import type { ServiceHealth } from '../health/service-health.ts';
import { routeFaultOf, RequestError } from '../problem/thrown-fault.ts';
import { readSessionCookie } from '../auth/credentials.ts';
import { registerOtherMethods, registerRoute, validatorCompiler } from './register-route.ts';
import type { Handlers } from './route-types.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What is known besides of why something failed: which disk, since when. */
    explainFault(fault: RouteFault): RouteFault;
  }
  interface FastifyRequest {
    caller: Caller;
  }
  interface FastifyContextConfig {
    /** Answered without a token. */
    public?: boolean;
  }
}

/** What the HTTP side needs; everything behind it is the handlers' business. */
export interface ServerDeps {
  readonly handlers: Handlers;
  /** Who holds this token or session cookie, if it is a good one. */
  authenticate(credentials: {
    bearer?: string | undefined;
    session?: string | undefined;
  }): Promise<Caller | undefined>;
  readonly allow: AllowedCallers;
  /** What we know of the parts that every request needs. */
  readonly health: Pick<ServiceHealth, 'explain' | 'refusal'>;
  readonly metrics: Metrics;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  /** Requests wait for this: until then what was left unfinished is being taken over. */
  readonly started: Promise<void>;
}

/** 20,000 addresses as JSON are about 1 MB. */
const MAX_BODY_BYTES = 4_194_304;

/** Assembles the HTTP server: guards, the routes of the contract, documents. It does not listen yet. */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    exposeHeadRoutes: false,
    // Who asks on an open connection while we stop gets an answer, and attempts are refused with their reason.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: (request) => givenId(request.headers['x-request-id']) ?? `req_${randomUUID()}`,
    clientErrorHandler: answerParserError,
    // These errors come before any hook ran.
    frameworkErrors: (error, request, reply) => {
      void sendFault(request, reply.headers(securityHeaders), routeFaultOf(error));
    },
  });
  takeEveryMethod(app);
  answerNoRequest(app.server);
  app.decorate('explainFault', (fault: RouteFault) => deps.health.explain(fault));
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => sendFault(request, reply, routeFaultOf(error)));
  app.setNotFoundHandler((request, reply) =>
    sendFault(request, reply, {
      code: 'not_found',
      message: `There is no ${request.method} ${pathOf(request)}.`,
    }),
  );
  parseJsonOnly(app);
  guard(app, deps);
  readLargeBodiesOn(app);
  endConnectionsOnClose(app);
  observe(app, deps);
  void app.register(async (scope) => {
    await registerDocs(scope, deps.version);
    registerMetrics(scope, deps.metrics, deps.authenticate);
    for (const [name, route] of Object.entries(routes)) {
      // Both tables have the same keys, which `Object.entries` forgets.
      registerRoute(scope, name, route, deps.handlers[name as keyof Handlers] as never);
    }
    registerOtherMethods(scope, Object.values(routes));
  });
  return app;
}

/** An id of the caller's own, when it is short and plain enough for logs. */
const givenId = (header: unknown): string | undefined =>
  typeof header === 'string' && /^[\w.-]{1,64}$/.test(header) ? header : undefined;

const pathOf = (request: FastifyRequest) => request.url.split('?')[0]?.slice(0, 200) ?? '';

/** Every method of HTTP gets to the routes, which say what they serve; the body of one that is not ours is none. */
function takeEveryMethod(app: FastifyInstance): void {
  const ours = new Set<string>(['HEAD', ...Object.values(routes).map(({ method }) => method)]);
  for (const method of METHODS)
    if (!ours.has(method)) app.addHttpMethod(method, { hasBody: false, overrideExisting: true });
}

/** Only JSON is a body; an empty one is none. Forms and plain text would get past a browser's preflight. */
function parseJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) =>
    body === '' ? done(null, undefined) : void parse(request, body, done),
  );
}

/** Host, origin and token, in that order, before anything of the request is read. */
function guard(app: FastifyInstance, { allow, authenticate, started, health }: ServerDeps): void {
  app.decorateRequest('caller');
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...securityHeaders, 'x-request-id': request.id });
    await started;
    const { host, origin, 'sec-fetch-site': site } = request.headers;
    if (!isAllowedHost(host, allow.hosts)) {
      const message = `${String(host).slice(0, 200)} is not a name of this service; HOSTMESH_ALLOWED_HOSTS adds some.`;
      throw new RequestError({ code: 'host_refused', message });
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refusal = originRefusal(allow, { origin, site: site?.toString(), host });
      if (refusal !== undefined) throw new RequestError({ code: 'origin_refused', message: refusal });
    }
    // The route decides, not the path: a path can be written in many ways.
    const outside = request.is404 && !request.url.startsWith(API_BASE);
    if (request.routeOptions.config.public || outside) return;
    const bearer = readBearer(request.headers.authorization);
    // A database that hangs would keep everybody waiting for as long as a query may take.
    const refusal = health.refusal();
    if (refusal !== null) throw new RequestError(refusal);
    const caller = await authenticate({
      bearer,
      session: readSessionCookie(request.headers.cookie),
    });
    if (caller === undefined) {
      throw new RequestError({
        code: 'unauthenticated',
        message:
          bearer === undefined
            ? 'Send Authorization: Bearer <token>, or sign in to the dashboard.'
            : 'The token that was sent is not known, or was revoked.',
        headers: { 'www-authenticate': 'Bearer' },
      });
    }
    request.caller = caller;
  });
}

/** Up to here we read on what we have refused. */
const MAX_READ_ON_BYTES = 268_435_456;

/**
 * Who sends a body that is too large gets to read why: a connection that is closed with the body on its way is reset,
 * and the answer on it lost.
 */
function readLargeBodiesOn(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    const sizeBytes = Number(request.headers['content-length'] ?? 0);
    if (reply.statusCode !== problemTable.payload_too_large.status || sizeBytes > MAX_READ_ON_BYTES) return;
    reply.removeHeader('connection');
    request.raw.resume();
  });
}

/**
 * A connection whose request was under way when we began to close is not kept open for another one, and neither is that
 * of a stream which had begun before that: what is idle is closed only once, when the closing begins.
 */
function endConnectionsOnClose(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async () => {
    // The connection becomes idle after this.
    if (closing) setImmediate(() => app.server.closeIdleConnections());
  });
}

/** One wide event and one measurement per request; a stream's ends when the client goes. */
function observe(app: FastifyInstance, { metrics }: ServerDeps): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const level = reply.statusCode < 400 && request.routeOptions.config.public ? 'debug' : 'info';
    request.log[level]({
      event: 'http_request',
      method: request.method,
      route,
      path: pathOf(request),
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      actor: request.caller?.name,
    });
    if (route !== `${API_BASE}/events`) {
      metrics.requestAnswered(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    }
  });
}
