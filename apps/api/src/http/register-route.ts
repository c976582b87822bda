import { METHODS, STATUS_CODES } from 'node:http';
import {
  API_BASE,
  Problem,
  problemTable,
  routeActs,
  type ChangeAct,
  type Method,
  type ProblemCode,
  type Route,
} from '@hostmesh/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import { z } from 'zod';
import { invalidRequest } from '../problem/route-fault.ts';
import { RequestError } from '../problem/thrown-fault.ts';
import { fieldErrors } from '../problem/zod-errors.ts';
import { sendFault } from '../problem/send-problem.ts';
import type { RouteAnswer, Handler } from './route-types.ts';

const nothing = z.strictObject({});
const acts: Readonly<Record<string, ChangeAct | null>> = routeActs;
/** Before somebody is let in: room for what signs in. */
export const MAX_STRANGER_BODY_BYTES = 16_384;
/** 20,000 addresses as JSON are about 1 MB. */
const MAX_BODY_BYTES = 4_194_304;
/** Problems that any route can answer with. */
const everywhere = [
  'invalid_request',
  'method_not_allowed',
  'host_refused',
  'internal',
  'database_unavailable',
  'busy',
  'disk_full',
] as const;

/** Serves a route of the contract: parses what comes in by its schemas, sends what its handler answers. */
export function registerRoute<R extends Route>(
  app: FastifyInstance,
  name: string,
  route: R,
  handle: Handler<R>,
): void {
  app.route({
    method: route.method,
    url: API_BASE + route.path.replaceAll(/\{(\w+)\}/g, ':$1'),
    exposeHeadRoute: isHeadServed(route),
    config: { public: !route.authenticated },
    bodyLimit: route.authenticated ? MAX_BODY_BYTES : MAX_STRANGER_BODY_BYTES,
    schema: {
      operationId: name,
      tags: [route.tag],
      summary: route.summary,
      ...(route.params && { params: route.params }),
      querystring: route.query ?? nothing,
      ...(route.method !== 'GET' && route.body && { body: route.body }),
      response: responsesOf(route),
      ...(route.authenticated ? {} : { security: [] }),
    },
    handler: async (request, reply) => {
      if (route.body === undefined) refuseFields(request.body);
      const result = await handle({
        // Parsed by the very schemas that these types are inferred from: see `validatorCompiler`.
        params: request.params as never,
        query: request.query as never,
        body: request.body as never,
        headers: request.headers,
        client: request.client,
        caller: request.caller,
        requestId: request.id,
        act: acts[name] ?? null,
      });
      return result.ok
        ? sendAnswer(request, reply, route, result.value)
        : sendFault(request, reply, result.fault);
    },
  });
}

/** A HEAD of an endless stream would never end. */
const isHeadServed = (route: Route): boolean =>
  route.method === 'GET' && route.reply !== undefined && route.events === undefined;

/** A route without a body takes an empty one: a field of it would be silently lost. */
function refuseFields(body: unknown): void {
  const parsed = z.core.safeParse(nothing, body ?? {}, { reportInput: true });
  if (!parsed.success) throw new RequestError(invalidRequest(fieldErrors(parsed.error, 'body')));
}

async function sendAnswer(
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route,
  answer: RouteAnswer<unknown>,
): Promise<FastifyReply> {
  reply.headers({ ...answer.headers });
  switch (answer.kind) {
    case 'json':
      return reply.code(answer.status ?? route.success[0] ?? 200).send(answer.body);
    case 'stream': {
      const { caller, client, credentials } = request;
      const reader = { tokenId: caller.tokenId, address: client.address, credentials: credentials ?? {} };
      const refusal = reply.server.streams.admit(answer.stream, reader);
      if (refusal !== null) return sendFault(request, reply, refusal);
      return reply.type(answer.contentType).send(answer.stream);
    }
    case 'empty':
      return reply.code(route.success[0] ?? 204).send();
  }
}

function responsesOf(route: Route): Record<number, unknown> {
  const codes: ProblemCode[] = [...everywhere, ...route.problems];
  if (route.events !== undefined) codes.push('rate_limited');
  if (route.authenticated) codes.push('unauthenticated');
  if (route.method !== 'GET') codes.push('origin_refused', 'payload_too_large', 'unsupported_media_type');
  const problems = Map.groupBy(new Set(codes), (code) => problemTable[code].status);
  const responses: Record<number, unknown> = {};
  for (const [status, list] of problems) {
    const description = list.map((code) => `\`${code}\`: ${problemTable[code].title}`).join('; ');
    responses[status] = { description, content: { 'application/problem+json': { schema: Problem } } };
  }
  for (const status of route.success) responses[status] = successOf(route, status);
  return responses;
}

function successOf(route: Route, status: number): unknown {
  const description = STATUS_CODES[status];
  const content = {
    ...(route.reply && { 'application/json': { schema: route.reply } }),
    ...(route.events && { 'text/event-stream': { schema: route.events } }),
  };
  if (Object.keys(content).length > 0) return { description, content };
  return z.undefined().describe(description ?? '');
}

/** Parses one part of a request; a fault names every wrong field. */
export const validatorCompiler =
  ({ schema, httpPart }: { schema: z.ZodType; httpPart?: string }) =>
  (data: unknown): { value: unknown } | { error: Error } => {
    // A body that is missing is an empty one: what the schema requires is then named field by field.
    const given = httpPart === 'body' ? (data ?? {}) : data;
    const result = z.core.safeParse(schema, given, { reportInput: true });
    if (result.success) return { value: result.data };
    const part = httpPart === 'body' || httpPart === 'params' ? httpPart : 'querystring';
    return { error: new RequestError(invalidRequest(fieldErrors(result.error, part))) };
  };

/** Answers 405 on every path of the contract for the methods that it does not serve there. */
export function registerOtherMethods(app: FastifyInstance, routes: readonly Route[]): void {
  const byPath = Map.groupBy(routes, (route) => route.path);
  for (const [path, served] of byPath) {
    const allowed: Method[] = served.map((route) => route.method);
    const hasHead = served.some(isHeadServed);
    const others = METHODS.filter(
      (method) =>
        // A tunnel is no request: the server answers it before there are routes.
        method !== 'CONNECT' && !allowed.some((name) => name === method) && !(hasHead && method === 'HEAD'),
    );
    app.route({
      // Fastify names the usual ones in its type, and takes all that were added.
      method: others as HTTPMethods[],
      url: API_BASE + path.replaceAll(/\{(\w+)\}/g, ':$1'),
      config: { public: true },
      schema: { hide: true },
      exposeHeadRoute: false,
      handler: (request: FastifyRequest, reply) =>
        sendFault(request, reply, {
          code: 'method_not_allowed',
          message: `${request.method} is not served here; ${allowed.join(' and ')} is.`,
          headers: { allow: allowed.join(', ') },
        }),
    });
  }
}
