import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { ok, printAddress, type Result } from '@hostmesh/core';
import { serveAgent, type AgentServer } from '@hostmesh/protocol';
import type { Logger } from 'pino';
import { createAgent } from './agent/agent.ts';
import { readOwnLayers, type OwnLayers } from './config/own-layers.ts';
import { loadHostId } from './host/host-id.ts';
import { identityOf, type HostIdentity } from './host/identity.ts';
import { httpHandler } from './http/answer-http.ts';
import { createMetrics } from './metrics/metrics.ts';
import type { AgentOptions } from './options/options.ts';
import { readTlsCredentials } from './tls/credentials.ts';

/** What the world gives to an agent. */
export interface RunContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Ends the agent in order; its reason is logged. */
  readonly signal: AbortSignal;
}

/** Runs an agent from its start to its end. A fault says why it did not start. */
export async function runAgent(
  options: AgentOptions,
  { env, log, signal }: RunContext,
): Promise<Result<null>> {
  const own = await readOwnLayers(env, options.configFile);
  if (!own.ok) return own;
  const tls = await readTlsCredentials(options, own.value.layers);
  if (!tls.ok) return tls;
  const hostId = await loadHostId(options.dataDir);
  if (!hostId.ok) return hostId;
  for (const problem of own.value.problems) {
    log.warn({ event: 'agent.config_problem', ...problem }, 'config value not used');
  }

  const identity = identityOf(hostId.value);
  const shutdown = new AbortController();
  // The server is made from the agent, and the agent speaks through the server once there is one.
  const wire: { server?: AgentServer } = {};
  const parts = assemble(identity, own.value, log, {
    publish: (event) => wire.server?.publish(event),
    connections: () => wire.server?.connections.size ?? 0,
    onShutdown: () => shutdown.abort('shutdown_host'),
  });
  const { listen, agentKey } = options;
  const served = await serveAgent({ listen, agentKey, tls: tls.value, ...parts });
  if (!served.ok) return served;
  const server = served.value;
  wire.server = server;
  log.info({ event: 'agent.listening', address: printAddress(server.address), ...identity }, 'listening');

  const ended = AbortSignal.any([signal, shutdown.signal]);
  if (!ended.aborted) await once(ended, 'abort');
  // The answer to the request that ended us leaves first.
  await setImmediate();
  const reason: unknown = ended.reason;
  log.info({ event: 'agent.stopping', reason, connections: server.connections.size }, 'stopping');
  await server.close();
  log.info({ event: 'agent.stopped' }, 'stopped');
  return ok(null);
}

interface Wire extends Pick<AgentServer, 'publish'> {
  connections(): number;
  onShutdown(): void;
}

/** Everything that serves, apart from the sockets. Starts nothing. */
function assemble(identity: HostIdentity, own: OwnLayers, log: Logger, wire: Wire) {
  const metrics = createMetrics({
    agentVersion: identity.agentVersion,
    configProblems: own.problems.length,
    connections: wire.connections,
    state: () => agent.state(),
  });
  const agent = createAgent({
    identity,
    own: own.layers,
    log,
    metrics,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    publish: wire.publish,
    onShutdown: wire.onShutdown,
  });
  return {
    handler: agent,
    onHttp: httpHandler(identity, () => agent.state(), metrics),
    onBug: (error: unknown) => {
      metrics.bugFound();
      log.error({ event: 'agent.bug', err: error }, 'bug');
    },
  };
}
