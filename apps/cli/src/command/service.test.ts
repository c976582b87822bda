import { expect, test } from 'vitest';
import { page, problem, runWith } from '../testing/stand-in-api.ts';

const at = '2026-11-01T10:00:00.000Z';
const parts = [
  { part: 'database', ok: true, since: at, detail: 'it takes what is written' },
  { part: 'disk', ok: false, since: at, detail: 'the disk /data has 0 B of 8 MiB free (/data/hostmesh)' },
];

test('ready shows every part, since when, and which disk; it ends with 3 when the API cannot work', async () => {
  const refusal = () => problem(507, 'disk_full', { parts });
  const { code, out, err } = await runWith({ 'GET /ready': refusal }, ['ready']);
  expect(code).toBe(3);
  expect(out).toMatch(/disk +not well +.* the disk \/data has 0 B/);
  expect(err).toContain('because of disk_full');
  const [database] = parts;
  const reply = { status: 'ready', database: 'answers', migrations: 'all applied', parts: [database] };
  const well = await runWith({ 'GET /ready': () => reply }, ['ready']);
  expect([well.code, well.err]).toEqual([0, '']);
  expect(well.out).toMatch(/database +well/);
});

test('audit shows how often sign-ins were refused alike, and when the last of them was', async () => {
  const entry = {
    id: 'aud_1',
    at,
    actor: 'unknown',
    action: 'session.login',
    target: '127.0.0.1',
    outcome: 'refused',
    requestId: 'req_1',
    count: 412,
    lastAt: '2026-11-01T10:59:00.000Z',
  };
  const { code, out, sent } = await runWith({ 'GET /audit': page(entry) }, ['audit', '-q', 'login']);
  expect(code).toBe(0);
  expect(sent.at(-1)?.query).toMatchObject({ q: 'login' });
  expect(out).toMatch(/412 .*10:59.* session\.login +127\.0\.0\.1 +refused/);
});

test('sign-in prints the link alone, so that a script can open it', async () => {
  const url = 'http://localhost:3000/sign-in#code=hm_x';
  const { code, out, sent } = await runWith(
    { 'POST /sign-in-codes': () => ({ code: 'hm_x', url, expiresAt: at }) },
    ['sign-in'],
  );
  expect([code, out.trim()]).toEqual([0, url]);
  expect(sent).toHaveLength(1);
});
