import { expect, test } from 'vitest';
import { identityOf } from '../host/identity.ts';
import { httpHandler } from './answer-http.ts';
import { createMetrics } from './metrics.ts';

const metrics = createMetrics({ agentVersion: '1.2.3', configProblems: 0 });

test('health is 200 in service and 503 on the way out', async () => {
  const answerIn = (lifecycle: 'detached' | 'shutdown') =>
    httpHandler(
      identityOf({ hostId: 'host_1', former: null }, { kind: 'environment', detail: '' }),
      () => lifecycle,
      metrics,
      () => Promise.resolve(null),
    )('/healthz');
  expect(await answerIn('detached')).toMatchObject({ status: 200, body: expect.stringContaining('"ok"') });
  expect(await answerIn('shutdown')).toMatchObject({
    status: 503,
    body: expect.stringContaining('"leaving"'),
  });
});

test('health is 503 with the disk while nothing can be written, looked at once a second at most', async () => {
  let looks = 0;
  const answer = httpHandler(
    identityOf({ hostId: 'host_1', former: null }, { kind: 'environment', detail: '' }),
    () => 'attached',
    metrics,
    async () => ({ isFull: true, message: `the disk is full: look ${(looks += 1)}` }),
  );
  for (const _ of [1, 2])
    expect(await answer('/healthz')).toMatchObject({
      status: 503,
      body: expect.stringContaining('"status":"disk","disk":"the disk is full: look 1"'),
    });
});
