import { API_BASE, Problem, routes, type Route } from '@hostmesh/contract';
import type { MetricsAccess } from '@hostmesh/part';
import { afterAll, describe, expect, test } from 'vitest';
import { buildTestServer, bearer } from '../testing/test-server.ts';
import { json } from './route-types.ts';

const app = buildTestServer({
  session: async () =>
    json({ name: 'tester', version: '1', maxHosts: 1, retentionMs: 1, localAgents: null, secret: 'hush' }),
  getMesh: async () => {
    throw new Error('password=hush');
  },
});
afterAll(() => app.close());

const pathOf = (route: Route) => API_BASE + route.path.replaceAll(/\{\w+\}/g, 'x');
const jsonHeaders = { ...bearer, 'content-type': 'application/json' };

/** What every refusal must be: a problem document with the status that it came with. */
function problemIn(answer: {
  statusCode: number;
  headers: Record<string, unknown>;
  json(): unknown;
}): Problem {
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = Problem.parse(answer.json());
  expect(problem.status).toBe(answer.statusCode);
  expect(problem.requestId).toBe(answer.headers['x-request-id']);
  return problem;
}

describe('the HTTP server', () => {
  test.each(Object.entries<Route>(routes).filter(([, route]) => route.authenticated))(
    '%s needs a token',
    async (_, route) => {
      const answer = await app.inject({ method: route.method, url: pathOf(route) });
      expect(problemIn(answer).code).toBe('unauthenticated');
      expect(answer.headers['www-authenticate']).toBe('Bearer');
    },
  );

  test.each([
    '/api/v1/openapi.json',
    '/api/v1/docs',
    '/api/v1/docs/reference.js',
    '/api/v1/nothing/here',
    '/%61pi/v1/meshes',
    '/api/v1/%6deshes',
  ])('%s needs a token', async (path) => {
    expect(problemIn(await app.inject(path)).code).toBe('unauthenticated');
  });

  test.each(['/api/v1/meshes', '/api/v1/meshes/%', `/api/v1/meshes/${'x'.repeat(300)}`, '/api/v1/x'])(
    'what %s answers has the id of its request',
    async (path) => {
      const answer = await app.inject({ url: path, headers: { ...bearer, 'x-request-id': 'mine' } });
      expect(answer.headers['x-request-id']).toBe('mine');
    },
  );

  test('a wrong token is none', async () => {
    const headers = { authorization: 'Bearer wrong' };
    expect(problemIn(await app.inject({ url: '/api/v1/meshes', headers })).code).toBe('unauthenticated');
  });

  test.each(Object.values<Route>(routes).filter((route) => route.method !== 'GET'))(
    '$method $path refuses another origin',
    async (route) => {
      const answer = await app.inject({
        method: route.method,
        url: pathOf(route),
        headers: { ...bearer, origin: 'https://evil.example' },
      });
      expect(problemIn(answer).code).toBe('origin_refused');
    },
  );

  test('a Host that was not configured is refused, with a token or without', async () => {
    const headers = { ...bearer, host: 'rebound.example' };
    expect(problemIn(await app.inject({ url: '/api/v1/health', headers })).code).toBe('host_refused');
    const allowed = await app.inject({
      url: '/api/v1/meshes',
      headers: { ...bearer, host: 'mesh.example.com' },
    });
    expect(allowed.statusCode).not.toBe(421);
  });

  test.each([
    ['GET', '/meshes?colour=red', undefined, 'colour'],
    ['GET', '/meshes/x?limit=3', undefined, 'limit'],
    ['GET', '/meshes?limit=many', undefined, 'limit'],
    ['GET', '/meshes?limit=0', undefined, 'limit'],
    ['GET', '/meshes?limit=1&limit=2', undefined, 'limit'],
    ['GET', '/meshes?state=happy', undefined, 'state'],
    ['POST', '/attach-attempts', { mesh: 'a', hosts: 'b', colour: 'red' }, 'colour'],
    ['POST', '/attach-attempts', { hosts: 'b' }, 'mesh'],
    ['POST', '/attach-attempts', { mesh: 'a', hosts: 5 }, 'hosts'],
    ['POST', '/attach-attempts', { mesh: 'a', hosts: ['b', 5] }, 'hosts[1]'],
    ['POST', '/attach-attempts', { mesh: 'a', hosts: 'b', extent: { hosts: 0 } }, 'extent.hosts'],
    ['POST', '/attach-attempts', { mesh: 'a', hosts: 'b', extent: { 'a b': 1 } }, 'extent.a b'],
    ['GET', '/meshes/a%20b', undefined, 'id'],
    [
      'POST',
      '/attach-attempts',
      { mesh: 'a', hosts: 'b', config: { PROC_STOP_MAX_IDLE: {} } },
      'config.PROC_STOP_MAX_IDLE',
    ],
    ['POST', '/attach-attempts', [], 'body'],
    ['POST', '/attach-attempts', undefined, 'mesh'],
    ['POST', '/attach-attempts/x/retry', { only: 'some' }, 'only'],
    ['POST', '/meshes/x/stop', { force: true }, 'force'],
    ['POST', '/attach-attempts/x/cancel?why=so', undefined, 'why'],
    ['POST', '/attach-attempts/x/cancel', { why: 'so' }, 'why'],
    ['POST', '/attach-attempts/x/cancel', [1], 'body'],
    ['POST', '/meshes/x/proc-meshes', { name: 'a', command: {} }, 'command.program'],
    ['POST', '/meshes/x/proc-meshes', { name: 'a', command: { program: '' } }, 'command.program'],
    ['POST', '/meshes/x/proc-meshes', { name: '', command: { program: 'x' } }, 'name'],
    [
      'POST',
      '/meshes/x/proc-meshes',
      { name: 'a', command: { program: 'x', env: { '1': 'b' } } },
      'command.env.1',
    ],
    [
      'POST',
      '/meshes/x/proc-meshes',
      { name: 'a', command: { program: 'x' }, perRank: { one: {} } },
      'perRank.one',
    ],
    ['GET', '/procs/x/logs?stream=stdin', undefined, 'stream'],
    ['POST', '/orphans/stop', { procs: [] }, 'procs'],
  ] as const)('%s %s with %j is a 400 that names %s', async (method, path, payload, field) => {
    const answer = await app.inject({
      method,
      url: API_BASE + path,
      headers: payload === undefined ? bearer : jsonHeaders,
      ...(payload !== undefined && { payload: JSON.stringify(payload) }),
    });
    const problem = problemIn(answer);
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors?.map((error) => error.field)).toContain(field);
    expect(problem.detail).toContain(field);
  });

  test.each([
    ['text/plain', 'hello', 'unsupported_media_type'],
    ['application/x-www-form-urlencoded', 'a=b', 'unsupported_media_type'],
    ['application/json', '{"mesh": ', 'invalid_request'],
    ['application/json', '{"__proto__": {}}', 'invalid_request'],
    ['application/json', JSON.stringify({ mesh: 'a', hosts: 'x'.repeat(5_000_000) }), 'payload_too_large'],
  ])('a body of %s that is no good is refused', async (type, payload, code) => {
    const headers = { ...bearer, 'content-type': type };
    const answer = await app.inject({ method: 'POST', url: '/api/v1/preflight', headers, payload });
    expect(problemIn(answer).code).toBe(code);
  });

  test('a path of the contract with another method is a 405 that says which one is served', async () => {
    const answer = await app.inject({ method: 'PUT', url: '/api/v1/session' });
    expect(problemIn(answer).code).toBe('method_not_allowed');
    expect(answer.headers.allow).toBe('GET, POST, DELETE');
  });

  test('sizes that are wrong are told of in words', async () => {
    const answer = await app.inject({ url: '/api/v1/meshes?limit=0', headers: bearer });
    expect(problemIn(answer).detail).toBe('limit: must be at least 1');
    const empty = await app.inject({
      method: 'POST',
      url: '/api/v1/orphans/stop',
      headers: jsonHeaders,
      payload: '{"procs": []}',
    });
    expect(problemIn(empty).detail).toBe('procs: must have at least 1 entry');
  });

  test.each([
    ['command.env.HOSTMESH_RANK', { command: { program: 'sleep', env: { HOSTMESH_RANK: '99' } } }],
    ['perRank.3.env.HOSTMESH_HOST_ID', { perRank: { 3: { env: { HOSTMESH_HOST_ID: 'x' } } } }],
  ])('a spawn that wants to set %s itself is refused by that name', async (field, given) => {
    const payload = { name: 'workers', command: { program: 'sleep' }, ...given };
    const url = `${API_BASE}/meshes/x/proc-meshes`;
    const problem = problemIn(await app.inject({ method: 'POST', url, headers: bearer, payload }));
    expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(problem.errors).toEqual([{ field, message: 'is set by Hostmesh itself, for each proc' }]);
  });

  test('a path of no route is a 404, a malformed one a 400', async () => {
    const at = (url: string) => app.inject({ url, headers: bearer });
    expect(problemIn(await at('/api/v1/nothing')).code).toBe('not_found');
    const malformed = await at('/api/v1/meshes/%zz');
    expect(malformed.statusCode).toBe(400);
    expect(Problem.parse(malformed.json()).code).toBe('invalid_request');
  });

  test('a bug is a 500 that tells nothing about itself', async () => {
    const answer = await app.inject({ url: '/api/v1/meshes/x', headers: bearer });
    expect(problemIn(answer).code).toBe('internal');
    expect(answer.body).not.toContain('hush');
  });

  test('an answer carries only what its schema has', async () => {
    const answer = await app.inject({ url: '/api/v1/session', headers: bearer });
    expect(answer.json()).toEqual({
      name: 'tester',
      version: '1',
      maxHosts: 1,
      retentionMs: 1,
      localAgents: null,
    });
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
  });

  test('the OpenAPI document has every route of the contract, and its problems', async () => {
    const answer = await app.inject({ url: '/api/v1/openapi.json', headers: bearer });
    const document: {
      openapi: string;
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    } = answer.json();
    expect(document.openapi).toBe('3.1.0');
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const declared = Object.values<Route>(routes).map((route) => `${route.method} ${API_BASE}${route.path}`);
    expect(operations.sort()).toEqual(declared.sort());
    const named = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(named.sort()).toEqual(Object.keys(routes).sort());
    expect(Object.keys(document.paths['/api/v1/attach-attempts']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['201', '202', '400', '401', '405', '409', '413', '415', '424', '503']),
    );
  });

  test('every operation of the document says what it does, by an example too, and no schema is there for nothing', async () => {
    const { body } = await app.inject({ url: '/api/v1/openapi.json', headers: bearer });
    const document: {
      paths: Record<string, Record<string, Record<string, unknown>>>;
      components: { schemas: object; securitySchemes: object };
    } = JSON.parse(body);
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        expect(operation.description, `${method} ${path}`).toEqual(expect.any(String));
        expect(JSON.stringify(operation), `${method} ${path}`).toMatch(/"curl -sf/);
        if (operation.requestBody !== undefined)
          expect(JSON.stringify(operation.requestBody)).toContain('"example"');
      }
    }
    const of = (path: string, method: string) => JSON.stringify(document.paths[`/api/v1${path}`]?.[method]);
    expect(of('/attach-attempts', 'post')).toMatch(/"Idempotency-Key".*"Prefer"/);
    expect(of('/attach-attempts', 'post')).toContain('"Location"');
    expect(of('/attach-attempts/{id}/hosts', 'get')).toContain('"text/csv"');
    expect(of('/procs/{id}/logs', 'get')).toMatch(/"text\/event-stream".*"text\/plain"/);
    expect(of('/events', 'get')).toContain('"Last-Event-ID"');
    expect(of('/session', 'post')).toMatch(/"200".*"X-Request-Id".*"Set-Cookie".*"429".*"Retry-After"/);
    expect(of('/meshes', 'get')).toMatch(/"401".*"WWW-Authenticate".*"405".*"Allow"/);
    expect(document.components.securitySchemes).toHaveProperty('session.in', 'cookie');
    for (const name of Object.keys(document.components.schemas))
      expect(body.split(`#/components/schemas/${name}"`).length, name).toBeGreaterThan(1);
  });

  test('metrics are for those who hold a token of the API or of the metrics, wherever they are, or for all when that is set', async () => {
    const ofMetrics = { authorization: 'Bearer of the metrics' };
    const token = { kind: 'token', admits: (given?: string) => given === ofMetrics.authorization } as const;
    const ask = (access: MetricsAccess, headers = {}, url = '/metrics') =>
      buildTestServer({}, access).inject({ url, remoteAddress: '127.0.0.1', headers });
    for (const access of [{ kind: 'closed' }, token] as const) {
      const refused = await ask(access);
      expect(problemIn(refused).code).toBe('unauthenticated');
      expect(refused.headers['www-authenticate']).toBe('Bearer');
      expect(problemIn(await ask(access, { authorization: 'Bearer of another' })).code).toBe(
        'unauthenticated',
      );
      expect((await ask(access, bearer)).body).toContain('hostmesh_running_attempts 0');
    }
    expect((await ask(token, ofMetrics)).statusCode).toBe(200);
    expect((await ask({ kind: 'closed' }, ofMetrics)).statusCode).toBe(401);
    expect((await ask({ kind: 'open' })).statusCode).toBe(200);
    // That of the metrics is good for nothing else.
    expect((await ask(token, ofMetrics, '/api/v1/meshes')).statusCode).toBe(401);
  });
});
