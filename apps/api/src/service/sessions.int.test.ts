import { markClient } from '@hostmesh/part';
import { createTestDatabase } from '@hostmesh/db/testing';
import { describe, expect, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { startTestApi, TEST_PROXY_KEY, type TestApi } from '../testing/test-api.ts';
import { TEST_TOKEN } from '../testing/test-server.ts';

const request = (
  { api }: TestApi,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  headers = {},
  payload?: object,
) => api.app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });

/** What the dashboard adds for a browser at this address that asked it by this name. */
const through = (address: string, host = 'localhost:3000', key = TEST_PROXY_KEY) => ({
  'x-hostmesh-client': markClient(key, { address, host }),
});

async function signIn(api: TestApi, headers = {}, secret: object = { token: TEST_TOKEN }): Promise<string> {
  const answer = await request(api, 'POST', '/session', headers, secret);
  expect(answer.statusCode).toBe(200);
  return String(answer.headers['set-cookie']);
}

const cookieOf = (setCookie: string): string => setCookie.split(';')[0] ?? '';

describe('sessions', () => {
  test('a token is exchanged for a cookie that scripts and other sites cannot use, and that ends with it', async () => {
    const api = await startTestApi();
    const setCookie = await signIn(api);
    expect(setCookie).toMatch(/^hostmesh_session_\w{10}=.*; Path=\/api\/v1; .*; HttpOnly; SameSite=Strict$/);
    const cookie = cookieOf(setCookie);
    const who = await request(api, 'GET', '/session', { cookie: `theme=dark; ${cookie}` });
    expect(who.json()).toMatchObject({ name: 'tester', maxHosts: 20_000 });
    expect((await request(api, 'POST', '/meshes/none/stop', { cookie })).statusCode).toBe(404);
    const forged = await request(api, 'POST', '/meshes/none/stop', { cookie, 'sec-fetch-site': 'same-site' });
    expect(forged.statusCode).toBe(403);

    const out = await request(api, 'DELETE', '/session', { cookie });
    expect(out.statusCode).toBe(204);
    expect(String(out.headers['set-cookie'])).toContain('Max-Age=0');
    expect((await request(api, 'GET', '/session', { cookie })).statusCode).toBe(401);
  });

  test('a session counts at the name and port alone that it was opened at, and for no page of another port', async () => {
    const api = await startTestApi();
    const cookie = cookieOf(await signIn(api, through('10.0.0.1')));
    const asked = async (headers: object) =>
      (await request(api, 'GET', '/session', { cookie, ...headers })).statusCode;
    expect(await asked(through('10.0.0.9'))).toBe(200);
    expect(await asked({ ...through('10.0.0.1'), origin: 'http://localhost:3000' })).toBe(200);
    for (const other of [
      {},
      through('10.0.0.1', 'localhost:8000'),
      through('10.0.0.1', '127.0.0.1:3000'),
      through('10.0.0.1', 'localhost:3000', 'another key'),
      { 'x-hostmesh-client': 'nonsense.nonsense' },
    ])
      expect(await asked(other)).toBe(401);
    for (const other of [
      { origin: 'http://localhost:8000' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { origin: 'null' },
    ])
      expect(await asked({ ...through('10.0.0.1'), ...other })).toBe(403);
    expect(
      (
        await request(api, 'GET', '/session', {
          cookie: `hostmesh_session=${cookie.split('=')[1]}`,
          ...through('10.0.0.1'),
        })
      ).statusCode,
    ).toBe(401);
  });

  test('over TLS the cookie is for TLS alone', async () => {
    const api = await startTestApi();
    expect(await signIn(api, { origin: 'https://localhost:80', host: 'localhost:80' })).toMatch(/; Secure$/);
  });

  test('a revoked token ends its sessions', async () => {
    const api = await startTestApi();
    const cookie = cookieOf(await signIn(api));
    await api.db.tokens.revoke('tok_1', new Date());
    expect((await request(api, 'GET', '/session', { cookie })).statusCode).toBe(401);
    expect((await request(api, 'GET', '/session', api.headers)).statusCode).toBe(401);
  });

  test('a code signs one browser in, once; only a token makes one', async () => {
    const api = await startTestApi();
    const made = await api.send('POST', '/sign-in-codes');
    expect(made).toMatchObject({
      status: 201,
      body: { url: `http://localhost:3000/sign-in#code=${made.body.code}` },
    });
    const minutes = (Date.parse(made.body.expiresAt) - Date.now()) / 60_000;
    expect(Math.round(minutes)).toBe(10);
    const { code } = made.body;
    const cookie = cookieOf(await signIn(api, {}, { code }));
    const again = await request(api, 'POST', '/session', {}, { code });
    expect(again.json()).toMatchObject({ status: 401, detail: expect.stringContaining('hostmesh sign-in') });
    expect((await request(api, 'POST', '/sign-in-codes', { cookie })).statusCode).toBe(401);
    expect((await request(api, 'GET', '/session', { authorization: `Bearer ${code}` })).statusCode).toBe(401);
    for (const [body, field] of [
      [{}, 'token'],
      [{ code, token: TEST_TOKEN }, 'code'],
      [{ code, more: 1 }, 'more'],
    ] as const)
      expect((await request(api, 'POST', '/session', {}, body)).json()).toMatchObject({
        errors: [{ field }],
      });
  });

  test('streams end with what they were opened with: a session that is left, a token that is revoked', async () => {
    const api = await startTestApi();
    const url = await api.api.app.listen({ port: 0, host: '127.0.0.1' });
    const open = async (headers: Record<string, string>) => {
      const answer = await fetch(`${url}/api/v1/events`, { headers });
      expect(answer.status).toBe(200);
      const end = { ended: false };
      void answer.text().then(
        () => (end.ended = true),
        () => (end.ended = true),
      );
      return end;
    };
    const host = new URL(url).host;
    const cookie = cookieOf(await signIn(api, { host }));
    const [ofToken, ofSession] = [await open({ ...api.headers }), await open({ cookie })];
    await request(api, 'DELETE', '/session', { cookie, host });
    await eventually(() => ofSession.ended).toBe(true);
    expect(ofToken.ended).toBe(false);
    await api.db.tokens.revoke('tok_1', new Date());
    await eventually(() => ofToken.ended).toBe(true);
  });

  test('guessing is slowed down, told how long, counted in the audit list, and keeps nobody else out', async () => {
    const api = await startTestApi();
    const guess = (headers: object = through('10.0.0.1')) =>
      request(api, 'POST', '/session', headers, { token: 'wrong' });
    for (let n = 0; n < 10; n += 1) expect((await guess()).statusCode).toBe(401);
    const stopped = await guess();
    expect(stopped.json()).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    // Whoever has a right one, from the same address even; and a typing error elsewhere is one.
    await signIn(api, through('10.0.0.1'));
    const typo = (headers: object) => request(api, 'POST', '/session', headers, { token: 'hm_typing_error' });
    expect((await typo(through('10.0.0.2'))).statusCode).toBe(401);
    expect((await typo(through('2001:db8::1'))).statusCode).toBe(401);
    // A header that anybody could send leads nowhere.
    for (const forged of [
      through('10.0.0.3', 'localhost:3000', 'guessed key'),
      { 'x-forwarded-for': '10.0.0.4' },
    ])
      for (let n = 0; n < 6; n += 1)
        await request(api, 'POST', '/session', forged, { token: `${n}${n}${n}` });
    expect((await typo({ 'x-forwarded-for': '10.0.0.5' })).statusCode).toBe(429);
    const { items } = (await api.send('GET', '/audit')).body;
    const ofGuesser = items.filter(({ target }: { target: string }) => target === '10.0.0.1');
    const guesses = ofGuesser.filter(({ outcome }: { outcome: string }) => outcome === 'unauthenticated');
    // The hour may have turned in between.
    expect(guesses.length).toBeLessThanOrEqual(2);
    expect(guesses.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(10);
    expect(ofGuesser.find(({ outcome }: { outcome: string }) => outcome === 'rate_limited')).toMatchObject({
      actor: 'unknown',
      count: 1,
      lastAt: null,
    });
  });

  test('the audit list says who did what, with the request that it belongs to', async () => {
    const api = await startTestApi();
    await signIn(api, { 'x-request-id': 'mine-1' });
    await request(api, 'POST', '/session', {}, { token: 'wrong' });
    const { items } = (await api.send('GET', '/audit')).body;
    expect(items).toMatchObject([
      { actor: 'unknown', action: 'session.login', outcome: 'unauthenticated' },
      { actor: 'tester', action: 'session.login', outcome: 'done', requestId: 'mine-1' },
    ]);
  });
});

describe('readiness', () => {
  test('without its database the API lives, is not ready, and says so to everybody', async () => {
    const { url, drop } = await createTestDatabase();
    const api = await startTestApi({ databaseUrl: url });
    expect((await request(api, 'GET', '/ready')).json()).toMatchObject({ status: 'ready' });
    await drop();
    expect((await request(api, 'GET', '/health')).statusCode).toBe(200);
    for (const path of ['/ready', '/meshes', '/attach-attempts']) {
      const answer = await request(api, 'GET', path, api.headers);
      expect(answer.json()).toMatchObject({ status: 503, code: 'database_unavailable' });
    }
  });
});
