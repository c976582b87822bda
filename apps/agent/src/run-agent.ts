import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { fail, ok, printAddress, type ConfigLayers, type Result } from '@hostmesh/core';
import { readMetricsAccess, tryDisk, type MetricsAccess } from '@hostmesh/part';
import {
  readAgentKey,
  readTlsCredentials,
  serveAgent,
  type AgentKey,
  type AgentServer,
  type Hello,
  type TlsCredentials,
} from '@hostmesh/protocol';
import type { Logger } from 'pino';
import type { AgentOptions } from './agent-options.ts';
import { Agent } from './agent/agent.ts';
import { agentClock } from './clock/agent-clock.ts';
import { noClientConfig } from './config/client-config.ts';
import { ClientConfigStore } from './config/client-config-store.ts';
import { readOwnLayers, type OwnLayers } from './config/own-layers.ts';
import { claimDataDir } from './host/data-dir-lock.ts';
import { loadHostIdentity, type HostIdentity, type LoadedIdentity } from './host/host-id.ts';
import { identityOf } from './host/identity.ts';
import { findBindTools } from './launch/bind.ts';
import { Launcher } from './launch/launch.ts';
import { listWarnings } from './launch/list-warnings.ts';
import { findAccounts, toldOfAccounts, type Account } from './launch/run-as.ts';
import { httpHandler } from './monitoring/answer-http.ts';
import { createMetrics } from './monitoring/metrics.ts';
import { ReadingPace } from './output/capture.ts';
import { GroupReaper } from './processes/group-reaper.ts';
import { findContainment, type Containment } from './processes/containment.ts';
import { Members } from './processes/members.ts';
import { ProcStore } from './store/proc-store.ts';

/** What the world gives to an agent. */
export interface RunContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** The host's clock, in milliseconds since 1970; the system's when absent. */
  readonly hostNowMs?: (() => number) | undefined;
  /** Ends the agent in order; its reason is logged. */
  readonly signal: AbortSignal;
  /** Calls back whenever the files that the agent was started with are to be read again. */
  readonly onReload: (listener: () => void) => void;
}

/** Runs an agent from its start to its end. A fault says why it did not start. */
export async function runAgent(options: AgentOptions, context: RunContext): Promise<Result<null>> {
  const own = await readOwnLayers(context.env, options.configFile);
  if (!own.ok) return own;
  const tls = await credentialsFor(options, own.value.layers);
  if (!tls.ok) return tls;
  const agentKey = await readAgentKey(options.key);
  if (!agentKey.ok) return agentKey;
  const access = accessFor(options);
  if (!access.ok) return access;
  for (const problem of own.value.problems) {
    context.log.warn({ event: 'agent.config_problem', ...problem }, 'config value not used');
  }

  const claimed = claimDataDir(options.dataDir);
  if (!claimed.ok) return claimed;
  try {
    const loaded = await loadHostIdentity(options.dataDir);
    if (!loaded.ok) return loaded;
    sayWhoElse(loaded.value, context.log);
    const proofs = { tls: tls.value, agentKey: agentKey.value, access: access.value };
    return await serve(options, own.value, proofs, loaded.value.host, context);
  } finally {
    claimed.value();
  }
}

/** A host that finds another's directory is a new one, which nobody should have to find out. */
function sayWhoElse({ host: { hostId, former }, aside }: LoadedIdentity, log: Logger): void {
  if (former === null || aside === null) return;
  log.warn(
    { event: 'agent.new_identity', hostId, formerHostId: former.hostId, reason: former.reason, aside },
    `this is a new host: ${former.reason}; procs and config of ${former.hostId} are none of its own`,
  );
}

/** What an operator has to know of whom procs run as: what they can do to the agent, or that there will be none. */
function sayWhoProcsAre({ users, sharesAgent }: Hello['runAs'], log: Logger): void {
  if (users.length === 0) {
    const event = 'agent.runs_nothing';
    log.warn({ event }, 'the agent runs as root, and starts no procs: give --run-as USER, or --run-as root');
  } else if (sharesAgent) {
    const event = 'agent.shared_user';
    log.warn(
      { event, users },
      'procs run as the user of the agent: they can read its files and memory, the key included; --run-as USER keeps them apart',
    );
  }
}

/** The credentials to listen with, where the address needs any: from the files of the command line, else from the TLS keys. */
async function credentialsFor(
  { listen, tlsFiles }: AgentOptions,
  layers: ConfigLayers,
): Promise<Result<TlsCredentials | undefined>> {
  if (listen.kind !== 'tls') return ok(undefined);
  const read = await readTlsCredentials(layers, tlsFiles);
  if (read.ok) return read;
  const message = `listening on tls: needs --tls-cert, --tls-key and --tls-ca: ${read.fault.message}`;
  return fail({ ...read.fault, message });
}

function accessFor({ metrics }: AgentOptions): Result<MetricsAccess> {
  const access = readMetricsAccess(metrics);
  return typeof access === 'string' ? fail({ code: 'metrics_token', message: access }) : ok(access);
}

/** What clients prove themselves by. */
interface Proofs {
  readonly tls: TlsCredentials | undefined;
  readonly agentKey: AgentKey | undefined;
  /** Who is told the metrics. */
  readonly access: MetricsAccess;
}

async function serve(
  options: AgentOptions,
  own: OwnLayers,
  proofs: Proofs,
  host: HostIdentity,
  context: RunContext,
): Promise<Result<null>> {
  const { listen, endKept, endLeft } = options;
  const { log, signal } = context;
  const containment = findContainment(host.hostId, options.cgroup, join(options.dataDir, 'cgroups'));
  if (!containment.ok) return containment;
  const accounts = await findAccounts(options.runAs, context.env.PATH ?? DEFAULT_PATH);
  if (!accounts.ok) return accounts;
  const runAs = toldOfAccounts(accounts.value);
  sayWhoProcsAre(runAs, log);
  const identity = identityOf(host, { containment: containment.value.told, runAs });
  const metrics = createMetrics({
    agentVersion: identity.agentVersion,
    configProblems: own.problems.length,
  });
  const onBug = (error: unknown) => {
    metrics.bugFound();
    log.error({ event: 'agent.bug', err: error }, 'bug');
  };
  const store = new ClientConfigStore(options.dataDir, host.hostId);
  const kept = await store.load();
  if (!kept.ok)
    log.warn({ event: 'agent.config_unusable', reason: kept.fault.message }, 'kept config not used');
  const toRunWith = { ...containment.value, accounts: accounts.value };
  const parts = partsOf(host.hostId, options, context, toRunWith, onBug);
  const agent = new Agent({
    installed: kept.ok ? kept.value : noClientConfig,
    store,
    ...parts,
    identity,
    own: own.layers,
    log,
    metrics,
  });
  await agent.recover();
  for (const { text, ...fields } of listWarnings(parts.programs, agent.procs)) log.warn(fields, text);
  if (endLeft) {
    await agent.leave('--end-left', { endKept: true });
    return ok(null);
  }
  let { access } = proofs;
  const onHttp = httpHandler({
    identity,
    metrics,
    lifecycle: () => agent.lifecycle,
    look: () => tryDisk(options.dataDir),
    access: () => access,
  });
  const { tls, agentKey } = proofs;
  const served = await serveAgent({ listen, tls, agentKey, handler: agent, onHttp, onBug });
  if (!served.ok) {
    await agent.leave('it cannot listen', { endKept: false });
    return served;
  }
  const server = served.value;
  metrics.observe({
    connections: () => server.connections.size,
    lifecycle: () => agent.lifecycle,
    isConfigured: () => agent.isConfigured,
    procs: () => agent.procs,
  });
  const renewAccess = (renewed: MetricsAccess): void => {
    access = renewed;
  };
  context.onReload(() => void reload(options, context, { agent, server, renewAccess }).catch(onBug));
  log.info({ event: 'agent.listening', address: printAddress(server.address), ...identity }, 'listening');

  await untilLeft(agent, server, { signal, endKept, log });
  return ok(null);
}

/** Lets the agent work until it is asked to leave, and then leave in order. */
async function untilLeft(
  agent: Agent,
  server: AgentServer,
  { signal, endKept, log }: Pick<RunContext, 'signal' | 'log'> & Pick<AgentOptions, 'endKept'>,
): Promise<void> {
  const ended = AbortSignal.any([signal, agent.shutdown]);
  if (!ended.aborted) await once(ended, 'abort');
  // The answer to the request that ended the agent goes out first.
  await setImmediate();
  const reason: unknown = ended.reason;
  log.info({ event: 'agent.stopping', reason, connections: server.connections.size }, 'stopping');
  await agent.leave(String(reason), { endKept });
  await server.close();
  log.info({ event: 'agent.stopped' }, 'stopped');
}

/** What goes on with other files. */
interface Reloaded {
  readonly agent: Agent;
  readonly server: AgentServer;
  renewAccess(access: MetricsAccess): void;
}

/** Reads config file, certificates, keys and the token of the metrics again. What cannot be used is logged, and that of before stays. */
async function reload(
  options: AgentOptions,
  { env, log }: RunContext,
  { agent, server, renewAccess }: Reloaded,
): Promise<void> {
  const own = await readOwnLayers(env, options.configFile);
  const tls = own.ok ? await credentialsFor(options, own.value.layers) : own;
  const renewed = tls.ok && tls.value !== undefined ? server.renewTls(tls.value) : tls;
  const agentKey = await readAgentKey(options.key);
  const access = accessFor(options);
  const failed = [own, tls, renewed, agentKey, access].find((result) => !result.ok);
  if (failed?.ok === false || !own.ok || !access.ok) {
    const fields = { event: 'agent.reload_failed', why: failed?.fault.message };
    return log.error(fields, 'not reloaded: what was before stays');
  }
  agent.renewOwn(own.value.layers);
  renewAccess(access.value);
  if (agentKey.ok && agentKey.value !== undefined) server.renewKey(agentKey.value);
  log.info({ event: 'agent.reloaded', problems: own.value.problems }, 'reloaded');
}

/** Where programs are looked for when the environment does not say. */
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** What an agent works with on the real operating system. Starts nothing. */
function partsOf(
  hostId: string,
  { dataDir, allow }: AgentOptions,
  { env, log, hostNowMs }: RunContext,
  { cgroups, accounts }: Containment & { readonly accounts: readonly Account[] },
  onBug: (error: unknown) => void,
) {
  const path = env.PATH ?? DEFAULT_PATH;
  const tools = findBindTools(path);
  const clock = agentClock(dataDir, hostNowMs);
  const onFault = (what: string, error: unknown) =>
    log.warn({ event: 'agent.fault', what, err: error }, 'fault');
  const onMended = (what: string, detail: string) =>
    log.info({ event: 'agent.mended', what, detail }, 'the fault is over');
  const system = {
    hostId,
    store: new ProcStore(dataDir, {
      began: (error) => onFault('proc store', error),
      over: () => onMended('proc store', 'reports are written down again'),
    }),
    launcher: new Launcher({ hostId, tools, allow, accounts, cgroups, agentEnv: { ...env, PATH: path } }),
    pace: new ReadingPace(),
    members: new Members(hostId, cgroups),
    reaper: new GroupReaper(cgroups?.root ?? null, () =>
      onFault('reaper', new Error('procs have no reaper: it cannot be started')),
    ),
    monotonicMs: clock.monotonicMs,
    nowMs: clock.nowMs,
    onFault,
    onMended,
    onBug,
  };
  return { system, clock, programs: { allow, accounts, path, tools } };
}
