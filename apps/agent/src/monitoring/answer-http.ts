import type { HttpAnswer, HttpHandler, Lifecycle } from '@hostmesh/protocol';
import type { OwnIdentity } from '../host/identity.ts';
import type { AgentMetrics } from './metrics.ts';

/** Answers `/healthz` and `/metrics` (Design 5): what monitoring needs, and nothing of the config. */
export function httpHandler(
  identity: OwnIdentity,
  lifecycle: () => Lifecycle,
  metrics: Pick<AgentMetrics, 'render'>,
): HttpHandler {
  return async (path): Promise<HttpAnswer | undefined> => {
    switch (path) {
      case '/healthz':
        return health(identity, lifecycle());
      case '/metrics':
        return { status: 200, ...(await metrics.render()) };
      default:
        return undefined;
    }
  };
}

/** 503 once the agent leaves service, so that a load balancer or probe turns away. */
function health(
  { hostId, former, incarnation, agentVersion }: OwnIdentity,
  lifecycle: Lifecycle,
): HttpAnswer {
  const leaving = lifecycle === 'shutdown';
  const body = { status: leaving ? 'leaving' : 'ok', lifecycle, hostId, former, incarnation, agentVersion };
  return {
    status: leaving ? 503 : 200,
    contentType: 'application/json',
    body: `${JSON.stringify(body)}\n`,
  };
}
