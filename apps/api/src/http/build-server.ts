import { randomUUID } from 'node:crypto';
import { METHODS } from 'node:http';
import { API_BASE, routes } from '@hostmesh/contract';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import { registerDocs } from './register-docs.ts';
import { guardRequests, type GuardDeps } from './guard-requests.ts';
import { OpenStreams } from './open-streams.ts';
import type { MetricsAccess } from '@hostmesh/part';
import { registerMetrics, type Metrics } from '../metrics/metrics.ts';
import { answerNoRequest, answerParserError, securityHeaders } from './answer-socket.ts';
import { sendFault } from '../problem/send-problem.ts';
import type { RouteFault } from '../problem/route-fault.ts';
import type { ServiceHealth } from '../health/service-health.ts';
import { routeFaultOf } from '../problem/thrown-fault.ts';
import {
  MAX_STRANGER_BODY_BYTES,
  registerOtherMethods,
  registerRoute,
  validatorCompiler,
} from './register-route.ts';
import type { Handlers } from './route-types.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** What is known besides of why something failed: which disk, since when. */
    explainFault(fault: RouteFault): RouteFault;
    readonly streams: OpenStreams;
  }
}

/** What the HTTP side needs; everything behind it is the handlers' business. */
export interface ServerDeps extends GuardDeps {
  readonly handlers: Handlers;
  /** What we know of the parts that every request needs. */
  readonly health: Pick<ServiceHealth, 'explain' | 'refusal'>;
  readonly metrics: Metrics;
  readonly metricsAccess: MetricsAccess;
  readonly log: FastifyBaseLogger;
  readonly version: string;
}

/** How often it is looked who takes too long to send a request. */
const LOOK_AT_CONNECTIONS_MS = 5000;

/** Assembles the HTTP server: guards, the routes of the contract, documents. It does not listen yet. */
export function buildServer(deps: ServerDeps): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_STRANGER_BODY_BYTES,
    http: { connectionsCheckingInterval: LOOK_AT_CONNECTIONS_MS },
    exposeHeadRoutes: false,
    // Who asks on an open connection while we stop gets an answer, and attempts are refused with their reason.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestIdHeader: false,
    genReqId: (request) => givenId(request.headers['x-request-id']) ?? `req_${randomUUID()}`,
    clientErrorHandler: answerParserError,
    // These errors come before any hook ran.
    frameworkErrors: (error, request, reply) => {
      void sendFault(request, reply.headers(headersFor(request)), routeFaultOf(error));
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
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headersFor(request));
  });
  guardRequests(app, deps);
  const streams = new OpenStreams((credentials) => deps.gate.authenticate(credentials));
  app.decorate('streams', streams);
  app.addHook('onClose', async () => streams.close());
  endConnectionsOnClose(app);
  observe(app, deps);
  void app.register(async (scope) => {
    await registerDocs(scope, deps.version);
    registerMetrics(scope, deps.metrics, deps.metricsAccess);
    for (const [name, route] of Object.entries(routes)) {
      // Both tables have the same keys, which `Object.entries` forgets.
      registerRoute(scope, name, route, deps.handlers[name as keyof Handlers] as never);
    }
    registerOtherMethods(scope, Object.values(routes));
  });
  return app;
}

const headersFor = ({ id }: FastifyRequest) => ({ ...securityHeaders, 'x-request-id': id });

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
