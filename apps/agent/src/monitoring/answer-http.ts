import { mayReadMetrics, type DiskFault, type MetricsAccess } from '@hostmesh/part';
import type { HttpAnswer, HttpHandler, Lifecycle } from '@hostmesh/protocol';
import type { OwnIdentity } from '../host/identity.ts';
import type { AgentMetrics } from './metrics.ts';

/** Looks at the disk again only after that: who asks for health need not be known to us. */
const LOOK_EVERY_MS = 1000;

/** What is told over HTTP, and to whom. */
interface Monitored {
  readonly identity: OwnIdentity;
  lifecycle(): Lifecycle;
  readonly metrics: Pick<AgentMetrics, 'render'>;
  /** Whether what is to outlast the agent can be written. */
  look(): Promise<DiskFault | null>;
  access(): MetricsAccess;
}

/**
 * Answers `/healthz` and `/metrics` (Design 5): what monitoring needs, and nothing of the config. Whoever can connect is told
 * whether the agent is well; which host it is, and what it does, is for those who may read its metrics.
 */
export function httpHandler({ identity, lifecycle, metrics, look, access }: Monitored): HttpHandler {
  let looked: { readonly atMs: number; readonly found: ReturnType<typeof look> } | null = null;
  const disk = () => {
    const nowMs = performance.now();
    if (looked === null || nowMs - looked.atMs >= LOOK_EVERY_MS) looked = { atMs: nowMs, found: look() };
    return looked.found;
  };
  return async (path, authorization): Promise<HttpAnswer | undefined> => {
    const isTrusted = mayReadMetrics(access(), authorization);
    switch (path) {
      case '/healthz':
        return health(lifecycle(), await disk(), isTrusted ? identity : null);
      case '/metrics':
        return isTrusted ? { status: 200, ...(await metrics.render()) } : refusal(access());
      default:
        return undefined;
    }
  };
}

/**
 * 503 once the agent leaves service or can keep nothing, so that a load balancer or probe turns away. `identity` is told to
 * those who may know it.
 */
function health(lifecycle: Lifecycle, fault: DiskFault | null, identity: OwnIdentity | null): HttpAnswer {
  const status = lifecycle === 'shutdown' ? 'leaving' : fault === null ? 'ok' : 'disk';
  const body =
    identity === null
      ? { status, disk: diskText(fault) }
      : { status, disk: fault?.message ?? diskText(null), lifecycle, ...told(identity) };
  return {
    status: status === 'ok' ? 200 : 503,
    contentType: 'application/json',
    body: `${JSON.stringify(body)}\n`,
  };
}

const diskText = (fault: DiskFault | null): string => {
  if (fault === null) return 'it takes what is written';
  return fault.isFull ? 'the disk of its data directory is full' : 'its data directory cannot be written to';
};

const told = ({ hostId, former, incarnation, agentVersion }: OwnIdentity) => ({
  hostId,
  former,
  incarnation,
  agentVersion,
});

/** What to do about metrics that are told to nobody, or not to whoever asks like this. */
function refusal({ kind }: MetricsAccess): HttpAnswer {
  const contentType = 'text/plain; charset=utf-8';
  if (kind === 'token') {
    const headers = { 'www-authenticate': 'Bearer' };
    return {
      status: 401,
      contentType,
      headers,
      body: 'metrics need Authorization: Bearer <the token of --metrics-token-file>\n',
    };
  }
  const body =
    'metrics are told to nobody: start the agent with --metrics-token-file, or with --metrics open\n';
  return { status: 403, contentType, body };
}
