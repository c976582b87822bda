import { mkdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { fail, ok, readEnvLayer, emptyLayers, withLayer, type Fault, type Result } from '@hostmesh/core';
import { applyMigrations, keepPostgres, openDatabase } from '@hostmesh/db';
import { LISTEN_BACKLOG, readOpenFileLimit, whyNotWritten, writeWhole } from '@hostmesh/part';
import { createTransport } from '@hostmesh/protocol';
import type { Logger } from 'pino';
import { ensureAdminToken } from '../auth/admin-token.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { agentCredentials } from './agent-credentials.ts';
import { checkOwnLimits } from './own-limits.ts';
import { buildApi } from './build-api.ts';

/** A running API. */
export interface RunningApi {
  readonly url: string;
  /** Ends it and everything that it started. */
  stop(): Promise<void>;
}

/** Why the API does not start, said so that an operator can act on it. `final`: trying again would not help. */
export interface StartFault extends Fault {
  readonly final: boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

/** What the world gives to an API. */
export interface RunApiContext {
  readonly env: Env;
  readonly version: string;
  readonly log: Logger;
  /** A line for the person who started it. */
  readonly say: (line: string) => void;
}

/** Starts the API as its settings say: database, HTTP, taking over what was left unfinished. */
export async function runApi(
  settings: ApiSettings,
  context: RunApiContext,
): Promise<Result<RunningApi, StartFault>> {
  try {
    return await start(settings, context);
  } catch (cause) {
    // What a system call says of our own files is for the operator; anything else is a bug.
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    const why = await whyNotWritten(cause, settings.dataDir);
    const message = `The data directory ${settings.dataDir} cannot be used: ${why}. What was recorded is kept.`;
    return fail({ code: 'data_dir_unusable', message, cause, final: false });
  }
}

async function start(
  settings: ApiSettings,
  { env, version, log, say }: RunApiContext,
): Promise<Result<RunningApi, StartFault>> {
  await using owned = new AsyncDisposableStack();
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  const layers = readLayers(env, log);
  const limits = checkOwnLimits(settings, readOpenFileLimit());
  for (const warning of limits.warnings) log.warn({ event: 'api.own_limit' }, warning);
  const credentials = await agentCredentials(settings, layers);
  if (!credentials.ok) return fail({ ...credentials.fault, final: true });

  const url = await databaseUrl(settings, owned, log);
  if (!url.ok) return fail({ ...url.fault, final: false });
  const migrated = await applyMigrations(url.value);
  const db = migrated.ok
    ? await openDatabase(url.value, {
        onError: ({ message }) => log.warn(`a database connection broke: ${message}`),
      })
    : migrated;
  if (!db.ok) {
    const final = db.fault.code !== 'database_unreachable';
    return fail({ ...db.fault, final });
  }
  owned.defer(() => db.value.close());
  const transport = createTransport(credentials.value);
  owned.defer(() => transport.close());

  const api = buildApi({
    db: db.value,
    transport,
    layers,
    client: { clientId: await instanceId(settings.dataDir), label: `hostmesh@${hostname()}`.slice(0, 200) },
    allow: { hosts: settings.allowedHosts, localPorts: [settings.webPort, settings.port] },
    maxHosts: settings.maxHosts,
    dataDir: settings.dataDir,
    concurrency: limits.concurrency,
    heal: settings.heal,
    retentionMs: settings.retentionMs,
    localAgents: settings.localAgents,
    dashboardUrl: `http://localhost:${settings.webPort}`,
    proxyKey: settings.proxyKey?.reveal() ?? null,
    metricsAccess: settings.metricsAccess,
    log,
    version,
  });
  owned.defer(() => api.stop(settings.shutdownGraceMs));
  const listening = await listen(api.app, settings);
  if (!listening.ok) return listening;
  // Only now: whoever has the port is the only one of this data directory, and may take over what its former life left.
  const admin = await ensureAdminToken(settings.dataDir, db.value.tokens, new Date());
  if (admin.kind === 'weak') return fail({ code: 'weak_secret', message: admin.why, final: true });
  if (admin.kind === 'made') say(`the admin token was made, and is in ${admin.file}`);
  if (admin.kind === 'elsewhere') {
    say(
      `the database has an admin token that ${admin.file} does not know; to set another, write it there and restart`,
    );
  }
  await api.start();
  log.info({ event: 'api_ready', url: listening.value, version }, `API ready: ${listening.value}`);
  const running = owned.move();
  return ok({ url: listening.value, stop: () => running.disposeAsync() });
}

function readLayers(env: Env, log: Logger) {
  const { values, problems } = readEnvLayer(env);
  for (const { key, message } of problems)
    log.warn({ variable: key }, `config from the environment: ${message}`);
  return withLayer(emptyLayers, 'Env', values);
}

async function databaseUrl(
  settings: ApiSettings,
  owned: AsyncDisposableStack,
  log: Logger,
): Promise<Result<string, Fault>> {
  if (settings.databaseUrl !== null) return ok(settings.databaseUrl.reveal());
  const server = await keepPostgres({
    dataDir: join(settings.dataDir, 'postgres'),
    say: (sentence) => log.warn(sentence),
  });
  if (!server.ok) return server;
  owned.defer(() => server.value.stop());
  return ok(server.value.url);
}

/** Names this installation to agents and as the owner of leases; the same after every restart. */
async function instanceId(dataDir: string): Promise<string> {
  const file = join(dataDir, 'instance-id');
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (kept.trim() !== '') return kept.trim();
  const made = `api_${randomUUID()}`;
  await writeWhole(file, `${made}\n`);
  return made;
}

async function listen(
  app: ReturnType<typeof buildApi>['app'],
  { host, port }: ApiSettings,
): Promise<Result<string, StartFault>> {
  try {
    return ok(await app.listen({ host, port, backlog: LISTEN_BACKLOG }));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const why: Record<string, string> = {
      EADDRINUSE: `Port ${port} is taken: stop what listens there, or set HOSTMESH_API_PORT to another port.`,
      EACCES: `Port ${port} is not ours to listen on: set HOSTMESH_API_PORT to one above 1023.`,
      EADDRNOTAVAIL: `This machine has no address ${host}: correct HOSTMESH_API_HOST.`,
    };
    const message = why[String(code)] ?? `Cannot listen on ${host}:${port}: ${String(cause)}`;
    return fail({ code: 'cannot_listen', message, cause, final: false });
  }
}
