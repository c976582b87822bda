import { MAX_PROCS } from '@hostmesh/contract';
import { instanceHostMeshId, printHostMeshId, type ConfigAttrs, type ConfigLayers } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import type { Database } from '@hostmesh/db';
import { createEpochSource } from '@hostmesh/host-mesh';
import type { Owner, Transport } from '@hostmesh/protocol';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { attemptHandlers } from '../attempt/attempt-handlers.ts';
import { AttemptService } from '../attempt/attempt-service.ts';
import { Recovery } from '../attempt/recovery.ts';
import { workOf, type WorkDeps } from '../attempt/attempt-work.ts';
import { AuditLog } from '../audit/audit-log.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { configHandlers } from '../config/config-handlers.ts';
import { hostConfigHandlers } from '../config/host-config-handlers.ts';
import { EventHub } from '../events/event-hub.ts';
import { LogKeeper } from '../log/log-keeper.ts';
import { logHandlers } from '../log/log-handlers.ts';
import { LogSource } from '../log/log-source.ts';
import { orphanHandlers } from '../orphan/orphan-handlers.ts';
import { LiveProcMeshes } from '../proc-mesh/live/live-proc-meshes.ts';
import { procMeshHandlers, procMeshReader } from '../proc-mesh/proc-mesh-handlers.ts';
import { SpawnService } from '../proc-mesh/spawn/spawn-service.ts';
import { procHandlers } from '../proc-mesh/proc-handlers.ts';
import type { AllowedCallers } from '../guard/allowed-callers.ts';
import { SharedTransport } from '../agents/shared-transport.ts';
import { buildServer } from '../http/build-server.ts';
import { randomUid } from '../id/random-id.ts';
import { OwnedMeshes } from '../mesh/owned-meshes.ts';
import { meshHandlers } from '../mesh/mesh-handlers.ts';
import { Metrics } from '../metrics/metrics.ts';
import { preflightHandlers } from '../preflight/preflight-handlers.ts';
import { repeat, type Repeating } from '../async/repeat.ts';
import { serviceHandlers } from '../service/service-handlers.ts';
import { sessionHandlers } from '../session/session-handlers.ts';

/** Everything that the API works with. Whoever made a dependency closes it, after `stop`. */
export interface ApiDeps {
  readonly db: Database;
  readonly transport: Transport;
  /** The API's own config: what an attach sends. */
  readonly layers: ConfigLayers;
  /** Who we are to the agents. Its id also names us as the owner of leases, and survives restarts. */
  readonly client: Owner;
  readonly allow: AllowedCallers;
  readonly maxHosts: number;
  readonly concurrency: number;
  readonly log: FastifyBaseLogger;
  readonly version: string;
  readonly timing?: Partial<ApiTiming>;
}

/** Durations in milliseconds. */
export interface ApiTiming {
  /** After so long without a sign of life, another replica takes over what we work on. */
  readonly leaseMs: number;
  /** How often a silent host of an attached mesh is asked whether it is there; as its config has it when absent. */
  readonly monitorMs?: number;
  /** How long the database may be away before an attempt that is over counts as not recorded. */
  readonly recordLimitMs: number;
}

/** Hosts that are asked for orphans at a time: each is dialled for it. */
const ORPHAN_CONCURRENCY = 128;

const usualTiming = { leaseMs: 20_000, recordLimitMs: 10_000 };

export interface Api {
  /** Not listening yet; requests wait until `start` is done. */
  readonly app: FastifyInstance;
  /** Takes over what a former life left unfinished, and begins to watch meshes. */
  start(): Promise<void>;
  /** Answers nobody new, gives attempts `graceMs` to end, ends the others, records everything. */
  stop(graceMs: number): Promise<void>;
}

/** Assembles the API. Building is not starting: nothing listens, dials or writes before `start`. */
export function buildApi(deps: ApiDeps): Api {
  const { db, transport, layers, client, log, concurrency, maxHosts, version } = deps;
  const { leaseMs, monitorMs, recordLimitMs }: ApiTiming = { ...usualTiming, ...deps.timing };
  const lease = { owner: client.clientId, durationMs: leaseMs };
  const hub = new EventHub();
  const publish = hub.publish.bind(hub);
  const epochs = createEpochSource();
  const audit = new AuditLog(db.audit, log);
  const authenticator = new Authenticator(db.tokens, db.sessions);
  const baseAttrs = makeSnapshot(layers).attrs;
  const common = { transport, client, concurrency, lease, publish, log };
  const attrsOf = async (digest: string): Promise<ConfigAttrs> => {
    const json = await db.snapshotJson(digest);
    if (json === undefined) throw new Error(`snapshot ${digest} is referred to and not there`);
    // Written from `ConfigSnapshot.json`, the canonical form of just this type.
    return JSON.parse(json) as ConfigAttrs;
  };
  const { procMeshes, procs, meshes } = db;
  const procBook: LiveProcMeshes = new LiveProcMeshes({
    ...common,
    procMeshes,
    procs,
    owner: lease.owner,
    onEnds: (ended) => logKeeper.add(ended),
  });
  const logTransport = new SharedTransport(transport);
  const logSource = new LogSource({ procs, meshes, book: procBook, transport: logTransport });
  const logKeeper = new LogKeeper(logSource, log);
  const logsEnd = new AbortController();
  const book = new OwnedMeshes({
    ...common,
    meshes,
    procs: procBook,
    attrsOf,
    ...(monitorMs !== undefined && { monitorIntervalMs: monitorMs }),
  });
  const spawns = new SpawnService({
    book: procBook,
    procMeshes,
    procs,
    meshes,
    owner: lease.owner,
    meshOf: (id) => book.get(id),
    attrsOf,
    audit,
    log,
    recordLimitMs,
    maxProcs: MAX_PROCS,
  });
  const reader = procMeshReader(procMeshes, procs, procBook);
  const recovery = new Recovery({ ...common, attempts: db.attempts });
  const metrics = new Metrics({
    runningAttempts: () => attempts.runs.length,
    eventClients: () => hub.clientCount,
    watchedMeshes: () => book.ids.length,
  });
  const work: WorkDeps = {
    ...common,
    attempts: db.attempts,
    meshes: book,
    owner: lease.owner,
    epochs,
    newMeshId: (name) => printHostMeshId(instanceHostMeshId(name, randomUid())),
  };
  const attempts: AttemptService = new AttemptService({
    ...common,
    db,
    attempts: db.attempts,
    owner: lease.owner,
    epochs,
    attrsOf,
    baseAttrs,
    maxHosts,
    audit,
    metrics,
    recordLimitMs,
    workOf: (task, record) => workOf(work, task, record),
    settleLater: (attempt) => recovery.settleLater(attempt),
    recovered: (mesh) => recovery.settled(mesh),
  });
  const started = Promise.withResolvers<void>();
  const app = buildServer({
    log,
    version,
    metrics,
    allow: deps.allow,
    started: started.promise,
    authenticate: (credentials) => authenticator.authenticate(credentials),
    handlers: {
      ...attemptHandlers(attempts, db.attempts),
      ...meshHandlers({ meshes, book, procs: procBook, spawns, logs: logKeeper, audit }),
      ...procMeshHandlers({
        meshes,
        procMeshes,
        procs,
        owner: lease.owner,
        book: procBook,
        spawns,
        reader,
        audit,
      }),
      ...procHandlers({ procMeshes, procs, book: procBook }),
      ...logHandlers(procs, logSource, logsEnd.signal),
      ...orphanHandlers({
        meshes,
        procMeshes,
        procs,
        transport,
        client,
        concurrency: Math.min(concurrency, ORPHAN_CONCURRENCY),
        audit,
      }),
      ...preflightHandlers({ transport, client, epochs, concurrency, base: baseAttrs, maxHosts }),
      ...configHandlers(layers),
      ...hostConfigHandlers(db.meshes, transport),
      ...sessionHandlers(authenticator, audit, { version, maxHosts }),
      ...serviceHandlers(db, hub, version),
    },
  });

  /** Keeps what is ours, and takes over what nobody keeps. */
  async function keepLeases(): Promise<void> {
    const [runs, meshes] = [attempts.runs, book.ids];
    attempts.dropLost(new Set(await db.attempts.renewLeases(lease)), runs);
    await book.reconcile(new Set(await db.meshes.renewLeases(lease)), meshes);
    await recovery.claim(false);
    await book.claim(false);
  }
  let keeping: Repeating | null = null;

  return {
    app,
    async start() {
      await recovery.claim(true);
      await book.claim(true);
      keeping = repeat(leaseMs / 4, keepLeases, (err) => log.error({ err }, 'leases could not be renewed'));
      started.resolve();
    },
    async stop(graceMs) {
      hub.close();
      logsEnd.abort();
      await Promise.all([app.close(), attempts.stop(graceMs), spawns.stop(graceMs)]);
      await Promise.all([attempts.settled(), recovery.stop(), logKeeper.stop()]);
      await logTransport.close();
      await keeping?.stop();
      await book.stop();
    },
  };
}
