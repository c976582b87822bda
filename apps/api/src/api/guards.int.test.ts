import { API_BASE, Problem, routes, type Route } from '@hostmesh/contract';
import { samplesOf, spoiltBy } from '@hostmesh/contract/testing-samples';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { perFile } from '../testing/per-file.ts';
import { startTestApi } from '../testing/test-api.ts';

const api = perFile(() => startTestApi());

/** A request of a route that is well formed and names nothing that there is. */
interface Request {
  readonly params: Record<string, string>;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly payload: string | undefined;
  readonly method: string;
}

const signedIn = { authorization: 'Bearer hm_test', 'content-type': 'application/json' };
const all = Object.entries<Route>(routes);
const withBody = all.filter(([, { body }]) => body !== undefined);
const shapeOf = (schema: z.ZodType | undefined) =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

/** Of a route with a body, one of which nothing can come: its mesh has no name that a mesh may have. */
const sampleOf = ({ body }: Route) => {
  const whole = body === undefined ? [] : samplesOf(body, '1s');
  // Of fields of which only one may be given.
  const single = whole.flatMap((sample) =>
    Object.entries(sample ?? {}).map(([name, field]) => ({ [name]: field })),
  );
  return JSON.stringify([...whole, ...single].find((sample) => body?.safeParse(sample).success));
};

/** Sends it, and expects a problem unless there is an answer without one; never a fault of ours. */
async function ask(
  route: Route,
  given: Partial<Request>,
): Promise<{ status: number; problem: Problem | null }> {
  const params: Record<string, string> = { id: 'x', rank: '0', ...given.params };
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const payload = given.payload ?? sampleOf(route);
  const reply = await api().api.app.inject({
    // Injected requests may have any method of HTTP; the type names the usual ones.
    method: (given.method ?? route.method) as 'GET',
    url: `${API_BASE}${path}?${new URLSearchParams(given.query)}`,
    headers: given.headers ?? signedIn,
    ...(payload !== undefined && { payload }),
  });
  expect(reply.statusCode, reply.body.slice(0, 500)).toBeLessThan(500);
  expect(reply.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
  if (reply.statusCode < 400) return { status: reply.statusCode, problem: null };
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = Problem.parse(reply.json());
  expect(problem.status).toBe(reply.statusCode);
  return { status: reply.statusCode, problem };
}
const codeOf = async (route: Route, given: Partial<Request>) => (await ask(route, given)).problem?.code;
const fieldsOf = async (route: Route, given: Partial<Request>) => {
  const { problem } = await ask(route, given);
  expect(problem).toMatchObject({ status: 400, code: 'invalid_request' });
  return problem?.errors?.map(({ field }) => field) ?? [];
};
const json = (value: unknown) => ({ payload: JSON.stringify(value) });
const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const wide = json(Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`field_${at}`, at])));
const isChange = ({ method }: Route) => method !== 'GET';

describe.each(all)('%s', (_, route) => {
  test('lets in nobody without a right token, and no page or name of others', async () => {
    const { authorization: _token, ...nobody } = signedIn;
    const wrong = { ...signedIn, authorization: 'Bearer hm_wrong\u00e9' };
    if (route.authenticated) {
      for (const headers of [nobody, wrong]) expect(await codeOf(route, { headers })).toBe('unauthenticated');
      // Not a byte of it is looked at.
      const payload = isChange(route) ? 'x'.repeat(5_000_000) : undefined;
      expect(await codeOf(route, { headers: nobody, payload })).toBe('unauthenticated');
    }
    expect(await codeOf(route, { headers: { ...signedIn, host: 'evil.example' } })).toBe('host_refused');
    if (!isChange(route)) return;
    for (const foreign of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expect(await codeOf(route, { headers: { ...signedIn, ...foreign } })).toBe('origin_refused');
  });

  test('answers other methods with what is served', async () => {
    const served = all.filter(([, { path }]) => path === route.path).map(([, { method }]) => `${method}`);
    for (const method of ['QUERY', 'PUT', 'PROPFIND', 'TRACE', 'OPTIONS', 'DELETE'].filter(
      (name) => !served.includes(name),
    ))
      expect(await codeOf(route, { method }), method).toBe('method_not_allowed');
  });

  test('names each parameter that it does not know, or that cannot be', async () => {
    expect(await fieldsOf(route, { query: { colour: 'red' } })).toContain('colour');
    for (const name of shapeOf(route.params)) {
      for (const bad of ['\0', '\u202E', 'a b', '-1'])
        if (name !== 'id' || bad !== '-1')
          expect(await fieldsOf(route, { params: { [name]: bad } })).toContain(name);
    }
    for (const name of shapeOf(route.query)) {
      for (const bad of ['a\0b', '\x1B[31m', 'x\u202E', 'x'.repeat(5000)])
        expect(await fieldsOf(route, { query: { [name]: bad } }), name).toContain(name);
      for (const odd of [
        '',
        '-1',
        '0x10',
        'NaN',
        '99999999999999999999',
        '50d',
        '0000-01-01T00:00:00Z',
        '9999-12-31T23:59:59Z',
        '%',
        // What cursors are made of, out of range.
        '999999999999999.x',
        '999999999.999999999999999999',
        '4294967296',
      ]) {
        const { problem } =
          route.events === undefined ? await ask(route, { query: { [name]: odd } }) : { problem: null };
        if (problem !== null && problem.code !== 'not_found')
          expect(
            problem.errors?.map(({ field }) => field),
            `${name}=${odd}`,
          ).toContain(name);
      }
    }
  });
});

test.each(all.filter(([, route]) => isChange(route)))(
  '%s takes no body that is none, and names each field that it does not know',
  async (_, route) => {
    expect(await fieldsOf(route, json({ colour: 'red' }))).toContain('colour');
    const payload = 'mesh=a';
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data',
      'nonsense',
      'application/json; charset=\u00e9',
    ])
      expect(['unsupported_media_type', 'invalid_request']).toContain(
        await codeOf(route, { payload, headers: { ...signedIn, 'content-type': type } }),
      );
    for (const bad of ['{', '[1', '"a"', '1', '{"__proto__":{}}', '\0', '\u202E'])
      expect(await codeOf(route, { payload: bad })).toBe('invalid_request');
    // A stranger's body is refused by its size alone.
    for (const odd of [json(deep), { payload: deep }, { payload: `{"mesh":${deep}}` }, wide])
      expect(await codeOf(route, odd)).toBe(route.authenticated ? 'invalid_request' : 'payload_too_large');
  },
);

describe.each(withBody)('the body of %s', (_, route) => {
  const bodies = samplesOf(route.body ?? z.never(), '1s');
  // Each place once: alternatives share most of them.
  const spoilt = (bad: string | number) => new Map(bodies.flatMap((body) => spoiltBy(body, bad)));

  test('is refused for each text in it that has NUL or half a character, by its field', async () => {
    for (const bad of ['\0', '\uD800'])
      for (const [path, body] of spoilt(bad)) expect(await fieldsOf(route, json(body))).toContain(path);
  });

  test('is never a fault of ours for any duration, number or text in it', async () => {
    const texts = ['', '0s', '-1s', `${'9'.repeat(90)}s`, '50d', 'x'.repeat(3000)];
    for (const bad of [...texts, -1, 1.5, 2 ** 53])
      for (const [path, body] of spoilt(bad)) {
        const { problem } = await ask(route, json(body));
        // Nothing of it is begun: the mesh is none, and so is whatever the route names.
        if (problem !== null)
          expect(problem.code, `${path}: ${bad}`).toMatch(/invalid|not_found|unauthenticated/);
      }
  });
});
