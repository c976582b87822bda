import { createTestDatabase } from '@hostmesh/db/testing';
import { describe, expect, test } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { TEST_TOKEN } from '../testing/test-server.ts';

const request = (
  { api }: TestApi,
  method: 'GET' | 'POST' | 'DELETE',
  url: string,
  headers = {},
  payload?: object,
) => api.app.inject({ method, url: `/api/v1${url}`, headers, ...(payload && { payload }) });

async function signIn(api: TestApi, headers = {}): Promise<string> {
  const answer = await request(api, 'POST', '/session', headers, { token: TEST_TOKEN });
  expect(answer.statusCode).toBe(200);
  return String(answer.headers['set-cookie']);
}

describe('sessions', () => {
  test('a token is exchanged for a cookie that scripts and other sites cannot use, and that ends with it', async () => {
    const api = await startTestApi();
    const setCookie = await signIn(api);
    expect(setCookie).toMatch(/; HttpOnly; SameSite=Strict$/);
    const cookie = setCookie.split(';')[0] ?? '';
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

  test('over TLS the cookie is for TLS alone', async () => {
    const api = await startTestApi();
    expect(await signIn(api, { origin: 'https://localhost:80', host: 'localhost:80' })).toMatch(/; Secure$/);
  });

  test('a revoked token ends its sessions', async () => {
    const api = await startTestApi();
    const cookie = (await signIn(api)).split(';')[0];
    await api.db.tokens.revoke('tok_1', new Date());
    expect((await request(api, 'GET', '/session', { cookie })).statusCode).toBe(401);
    expect((await request(api, 'GET', '/session', api.headers)).statusCode).toBe(401);
  });

  test('guessing is slowed down, told how long, and counted in the audit list', async () => {
    const api = await startTestApi();
    const guess = () => request(api, 'POST', '/session', {}, { token: 'wrong' });
    for (let n = 0; n < 10; n += 1) expect((await guess()).statusCode).toBe(401);
    const stopped = await guess();
    expect(stopped.json()).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    const { items } = (await api.send('GET', '/audit')).body;
    const guesses = items.filter(({ outcome }: { outcome: string }) => outcome === 'unauthenticated');
    // The hour may have turned in between.
    expect(guesses.length).toBeLessThanOrEqual(2);
    expect(guesses.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(10);
    expect(items.find(({ outcome }: { outcome: string }) => outcome === 'rate_limited')).toMatchObject({
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
