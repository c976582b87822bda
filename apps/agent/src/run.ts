import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { ok, printAddress, type Result } from '@hostmesh/core';
import { serveAgent, type AgentServer, type TlsCredentials } from '@hostmesh/protocol';
import type { Logger } from 'pino';
import { createAgent } from './agent/agent.ts';
import { readOwnLayers, type OwnLayers } from './config/own-layers.ts';
import { createHostProcs } from './host-procs/create.ts';
import { lockDataDir } from './host/data-dir-lock.ts';
import { loadHostId } from './host/host-id.ts';
import { identityOf, type HostIdentity } from './host/identity.ts';
import { httpHandler } from './http/answer-http.ts';
import { findBindTools } from './launch/tools.ts';
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

  const lock = lockDataDir(options.dataDir);
  if (!lock.ok) return lock;
  try {
    return await serve(options, own.value, tls.value, hostId.value, { env, log, signal });
  } finally {
    lock.value();
  }
}

async function serve(
  { listen, agentKey, dataDir, allow, endKept, endLeft }: AgentOptions,
  own: OwnLayers,
  tls: TlsCredentials | undefined,
  hostId: string,
  { env, log, signal }: RunContext,
): Promise<Result<null>> {
  const identity = identityOf(hostId);
  const shutdown = new AbortController();
  // The server is made from the agent, and the agent speaks through the server once there is one.
  const wire: { server?: AgentServer } = {};
  const place = { dataDir, env, allow };
  const { agent, ...parts } = assemble(identity, own, log, place, {
    publish: (event) => wire.server?.publish(event),
    connections: () => wire.server?.connections.size ?? 0,
    onShutdown: () => shutdown.abort('shutdown_host'),
  });
  await agent.recover();
  if (endLeft) {
    await agent.leave('--end-left', { endKept: true });
    return ok(null);
  }
  const served = await serveAgent({ listen, agentKey, tls, handler: agent, ...parts });
  if (!served.ok) {
    await agent.leave('it cannot listen', { endKept: false });
    return served;
  }
  const server = served.value;
  wire.server = server;
  log.info({ event: 'agent.listening', address: printAddress(server.address), ...identity }, 'listening');

  const ended = AbortSignal.any([signal, shutdown.signal]);
  if (!ended.aborted) await once(ended, 'abort');
  // The answer to the request that ended us leaves first.
  await setImmediate();
  const reason: unknown = ended.reason;
  log.info({ event: 'agent.stopping', reason, connections: server.connections.size }, 'stopping');
  await agent.leave(String(reason), { endKept });
  await server.close();
  log.info({ event: 'agent.stopped' }, 'stopped');
  return ok(null);
}

interface Wire extends Pick<AgentServer, 'publish'> {
  connections(): number;
  onShutdown(): void;
}

interface Place extends Pick<AgentOptions, 'dataDir' | 'allow'>, Pick<RunContext, 'env'> {}

/** Where programs are looked for when the environment does not say. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Everything that serves, apart from the sockets. Starts nothing. */
function assemble(identity: HostIdentity, own: OwnLayers, log: Logger, place: Place, wire: Wire) {
  const path = place.env.PATH ?? DEFAULT_PATH;
  const tools = findBindTools(path);
  const onBug = (error: unknown) => {
    metrics.bugFound();
    log.error({ event: 'agent.bug', err: error }, 'bug');
  };
  const metrics = createMetrics({
    agentVersion: identity.agentVersion,
    configProblems: own.problems.length,
    connections: wire.connections,
    state: () => agent.state(),
    procs: () =>
      agent
        .procs()
        .all()
        .map(({ proc }) => proc),
  });
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };
  const agent = createAgent({
    identity,
    own: own.layers,
    log,
    metrics,
    clock,
    programs: { allow: place.allow, path, tools },
    createProcs: (hooks) =>
      createHostProcs(
        {
          hostId: identity.hostId,
          ...place,
          path,
          tools,
          monotonicMs: clock.monotonicMs,
          onFault: (what, error) => log.warn({ event: 'agent.fault', what, err: error }, 'fault'),
          onBug,
        },
        hooks,
      ),
    publish: wire.publish,
    onShutdown: wire.onShutdown,
  });
  return { agent, onHttp: httpHandler(identity, () => agent.state(), metrics), onBug };
}
