import type { MetricsAccess } from '@hostmesh/part';
import { expect, test } from 'vitest';
import { identityOf } from '../host/identity.ts';
import { httpHandler } from './answer-http.ts';
import { createMetrics } from './metrics.ts';

const TOKEN = 'Bearer of the token';
const token: MetricsAccess = { kind: 'token', admits: (given) => given === TOKEN };
const handlerWith = (more: Partial<Parameters<typeof httpHandler>[0]> = {}) =>
  httpHandler({
    identity: identityOf(
      { hostId: 'host_1', former: null },
      { containment: { kind: 'environment', detail: '' }, runAs: { users: [], sharesAgent: false } },
    ),
    lifecycle: () => 'detached',
    metrics: createMetrics({ agentVersion: '1.2.3', configProblems: 0 }),
    look: () => Promise.resolve(null),
    access: () => token,
    ...more,
  });
const isFull = { isFull: true, message: '/secret/place is full: 3 kB free' };

test('health is 200 in service and 503 on the way out', async () => {
  expect(await handlerWith()('/healthz', undefined)).toMatchObject({
    status: 200,
    body: expect.stringContaining('"ok"'),
  });
  expect(await handlerWith({ lifecycle: () => 'shutdown' })('/healthz', undefined)).toMatchObject({
    status: 503,
    body: expect.stringContaining('"leaving"'),
  });
});

test('health is 503 with the disk while nothing can be written, looked at once a second at most', async () => {
  let looks = 0;
  const answer = handlerWith({
    look: async () => ({ isFull: true, message: `the disk is full: look ${(looks += 1)}` }),
  });
  for (const _ of [1, 2])
    expect(await answer('/healthz', TOKEN)).toMatchObject({
      status: 503,
      body: expect.stringContaining('"status":"disk","disk":"the disk is full: look 1"'),
    });
});

test('health tells whoever can connect whether the agent is well, and those with the token which one it is', async () => {
  const answer = handlerWith({ look: () => Promise.resolve(isFull) });
  const bodyFor = async (given: string | undefined): Promise<unknown> =>
    JSON.parse((await answer('/healthz', given))?.body ?? '');
  const disk = 'the disk of its data directory is full';
  expect(await bodyFor(undefined)).toEqual({ status: 'disk', disk });
  expect(await bodyFor('Bearer of another')).toEqual({ status: 'disk', disk });
  expect(await bodyFor(TOKEN)).toMatchObject({
    hostId: 'host_1',
    disk: isFull.message,
    lifecycle: 'detached',
  });
});

test('metrics are told to whoever has the token, or to all when somebody has said so; else it is said how to get them', async () => {
  const metricsWith = async (access: MetricsAccess, given?: string) =>
    handlerWith({ access: () => access })('/metrics', given);
  expect(await metricsWith(token, TOKEN)).toMatchObject({
    status: 200,
    body: expect.stringContaining('1.2.3'),
  });
  expect(await metricsWith({ kind: 'open' })).toMatchObject({ status: 200 });
  for (const given of [undefined, 'Bearer of another'])
    expect(await metricsWith(token, given)).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer' },
      body: expect.stringContaining('--metrics-token-file'),
    });
  expect(await metricsWith({ kind: 'closed' }, TOKEN)).toMatchObject({
    status: 403,
    body: expect.stringMatching(/told to nobody.*--metrics-token-file.*--metrics open/),
  });
});
