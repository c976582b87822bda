import { expect, test } from 'vitest';
import { readOutages, unanswered } from './ready-queries.ts';

const at = '2026-11-28T04:00:00.000Z';
const answering = (status: number, body: unknown) => async () =>
  new Response(JSON.stringify(body), { status });
const database = { part: 'database', ok: false, since: at, detail: 'it took no write' };
const disk = { part: 'disk', ok: true, since: at, detail: 'the disk / has room' };

test('a part that is not well is told with the time since when, whether the API is ready or not', async () => {
  const problem = {
    type: 'urn:x',
    title: 'x',
    status: 503,
    code: 'database_unavailable',
    detail: 'x',
    requestId: 'r',
  };
  const outage = { part: 'database', since: Date.parse(at), detail: 'it took no write' };
  expect(await readOutages(answering(503, { ...problem, parts: [database, disk] }))).toEqual([outage]);
  const ready = { status: 'ready', database: 'answers', migrations: 'all applied', parts: [disk] };
  expect(await readOutages(answering(200, ready))).toEqual([]);
});

test('an API that does not answer is one outage, since the first time', async () => {
  expect(await readOutages(() => Promise.reject(new TypeError('failed to fetch')))).toBeNull();
  expect(await readOutages(answering(502, { oh: 'a proxy' }))).toBeNull();
  const first = unanswered([], 1000);
  expect(unanswered(first, 6000)).toEqual(first);
  expect(first).toMatchObject([{ part: 'api', since: 1000 }]);
});
