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
    )('/healthz');
  expect(await answerIn('detached')).toMatchObject({ status: 200, body: expect.stringContaining('"ok"') });
  expect(await answerIn('shutdown')).toMatchObject({
    status: 503,
    body: expect.stringContaining('"leaving"'),
  });
});
