import { routes } from '@hostmesh/contract';
import type { FastifyInstance } from 'fastify';
import type { MetricsAccess } from '@hostmesh/part';
import { pino } from 'pino';
import { buildServer } from '../http/build-server.ts';
import type { Handlers } from '../http/route-types.ts';
import { Metrics } from '../metrics/metrics.ts';
import { notFound } from '../problem/route-fault.ts';

export const TEST_TOKEN = 'hm_test';
export const bearer = { authorization: `Bearer ${TEST_TOKEN}` };

/** The HTTP side with handlers of the test's choice; the others find nothing. */
export function buildTestServer(
  handlers: Partial<Handlers> = {},
  metricsAccess: MetricsAccess = { kind: 'closed' },
): FastifyInstance {
  const none = Object.fromEntries(
    Object.keys(routes).map((name) => [name, async () => notFound('such thing')]),
  );
  const metrics = new Metrics();
  metrics.gauge('hostmesh_running_attempts', 'Attempts that run now.', () => 0);
  return buildServer({
    // Every name of the table is in `none`; `fromEntries` forgets names.
    handlers: { ...(none as unknown as Handlers), ...handlers },
    gate: {
      authenticate: async ({ bearer: token }) =>
        token === TEST_TOKEN ? { name: 'tester', tokenId: 'tok_1' } : undefined,
      installation: async () => 'test',
    },
    proxyKey: null,
    allow: { hosts: ['mesh.example.com'], localPorts: [3000] },
    health: { explain: (fault) => fault, refusal: () => null },
    metrics,
    metricsAccess,
    log: pino({ level: 'silent' }),
    version: '0.0.0',
    started: Promise.resolve(),
  });
}
