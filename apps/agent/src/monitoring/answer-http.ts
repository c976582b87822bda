import type { DiskFault } from '@hostmesh/part';
import type { HttpAnswer, HttpHandler, Lifecycle } from '@hostmesh/protocol';
import type { OwnIdentity } from '../host/identity.ts';
import type { AgentMetrics } from './metrics.ts';

/** Looks at the disk again only after that: who asks for health need not be known to us. */
const LOOK_EVERY_MS = 1000;

/**
 * Answers `/healthz` and `/metrics` (Design 5): what monitoring needs, and nothing of the config. `look` says whether what
 * is to outlast the agent can be written.
 */
export function httpHandler(
  identity: OwnIdentity,
  lifecycle: () => Lifecycle,
  metrics: Pick<AgentMetrics, 'render'>,
  look: () => Promise<DiskFault | null>,
): HttpHandler {
  let looked: { readonly atMs: number; readonly found: ReturnType<typeof look> } | null = null;
  const disk = () => {
    const nowMs = performance.now();
    if (looked === null || nowMs - looked.atMs >= LOOK_EVERY_MS) looked = { atMs: nowMs, found: look() };
    return looked.found;
  };
  return async (path): Promise<HttpAnswer | undefined> => {
    switch (path) {
      case '/healthz':
        return health(identity, lifecycle(), await disk());
      case '/metrics':
        return { status: 200, ...(await metrics.render()) };
      default:
        return undefined;
    }
  };
}

/** 503 once the agent leaves service or can keep nothing, so that a load balancer or probe turns away. */
function health(
  { hostId, former, incarnation, agentVersion }: OwnIdentity,
  lifecycle: Lifecycle,
  fault: DiskFault | null,
): HttpAnswer {
  const status = lifecycle === 'shutdown' ? 'leaving' : fault === null ? 'ok' : 'disk';
  const disk = fault?.message ?? 'it takes what is written';
  const body = { status, disk, lifecycle, hostId, former, incarnation, agentVersion };
  return {
    status: status === 'ok' ? 200 : 503,
    contentType: 'application/json',
    body: `${JSON.stringify(body)}\n`,
  };
}
