import type { HttpAnswer, HttpHandler } from '@hostmesh/protocol';
import type { AgentState } from '../agent/state.ts';
import type { HostIdentity } from '../host/identity.ts';
import type { AgentMetrics } from '../metrics/metrics.ts';

/** Answers `/healthz` and `/metrics` (Design 5): what monitoring needs, and nothing of the config. */
export function httpHandler(
  identity: HostIdentity,
  state: () => AgentState,
  metrics: Pick<AgentMetrics, 'render'>,
): HttpHandler {
  return async (path): Promise<HttpAnswer | undefined> => {
    switch (path) {
      case '/healthz':
        return health(identity, state());
      case '/metrics':
        return { status: 200, ...(await metrics.render()) };
      default:
        return undefined;
    }
  };
}

/** 503 once the agent leaves service, so that a load balancer or probe turns away. */
function health({ hostId, incarnation, agentVersion }: HostIdentity, { lifecycle }: AgentState): HttpAnswer {
  const leaving = lifecycle === 'shutdown';
  const body = { status: leaving ? 'leaving' : 'ok', lifecycle, hostId, incarnation, agentVersion };
  return {
    status: leaving ? 503 : 200,
    contentType: 'application/json',
    body: `${JSON.stringify(body)}\n`,
  };
}
