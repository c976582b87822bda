import type { ConfigLayers } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import type { Database } from '@hostmesh/db';
import type { MetricsAccess } from '@hostmesh/part';
import type { Owner, Transport } from '@hostmesh/protocol';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Repeating } from '../async/repeat.ts';
import type { AllowedCallers } from '../http/allowed-callers.ts';
import { ServiceHealth } from '../health/service-health.ts';
import { buildServer } from '../http/build-server.ts';
import { attemptRoom } from './attempt-room.ts';
import { keepLeases } from './keep-leases.ts';
import { meshRoom } from './mesh-room.ts';
import { procRoom } from './proc-room.ts';
import { serviceRoom } from './service-room.ts';

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
  /** Its disk is looked after; none in tests. */
  readonly dataDir?: string;
  readonly concurrency: number;
  /** Whether hosts that have lost their config are pushed to again without being asked. */
  readonly heal: boolean;
  /** How long what has ended is kept. */
  readonly retentionMs: number;
  /** Host list of the agents that were started with us; null where there are none. */
  readonly localAgents: string | null;
  /** Where the dashboard is. */
  readonly dashboardUrl: string;
  /** What the dashboard marks with whom it asks for; null where none is trusted to. */
  readonly proxyKey: string | null;
  /** Who is told the metrics, besides those who hold a token. */
  readonly metricsAccess: MetricsAccess;
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

const usualTiming = { leaseMs: 20_000, recordLimitMs: 10_000 };

export interface Api {
  /** Not listening yet; requests wait until `start` is done. */
  readonly app: FastifyInstance;
  /** Takes over what a former life left unfinished, and begins to watch meshes. */
  start(): Promise<void>;
  /** Answers nobody new, gives attempts `graceMs` to end, ends the others, records everything. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Assembles the API out of its rooms, each made of those before it. Building is not starting: nothing listens, dials or
 * writes before `start`.
 */
export function buildApi(deps: ApiDeps): Api {
  const { db, transport, layers, client, concurrency, maxHosts, version, log } = deps;
  const { leaseMs, monitorMs, recordLimitMs }: ApiTiming = { ...usualTiming, ...deps.timing };
  const lease = { owner: client.clientId, durationMs: leaseMs };
  const health = new ServiceHealth({ db, owner: lease.owner, dataDir: deps.dataDir ?? null });
  const service = serviceRoom({ ...deps, health });
  const { audit, metrics, publish, authenticator } = service;
  const procs = procRoom({ db, transport, owner: lease.owner, publish, log });
  const meshes = meshRoom({
    db,
    procRoom: procs,
    transport,
    client,
    lease,
    concurrency,
    monitorMs,
    recordLimitMs,
    audit,
    metrics,
    publish,
    log,
    heal: (meshId) => attempts.healer.now(meshId),
    makeWay: (name, actor) => attempts.makeWay(name, actor),
  });
  const attempts = attemptRoom({
    db,
    owned: meshes.owned,
    attrsOf: meshes.attrsOf,
    transport,
    client,
    lease,
    concurrency,
    base: makeSnapshot(layers).attrs,
    maxHosts,
    recordLimitMs,
    audit,
    metrics,
    publish,
    log,
  });
  const started = Promise.withResolvers<void>();
  const app = buildServer({
    log,
    version,
    metrics,
    allow: deps.allow,
    health,
    started: started.promise,
    gate: authenticator,
    proxyKey: deps.proxyKey,
    metricsAccess: deps.metricsAccess,
    handlers: { ...service.handlers, ...procs.handlers, ...meshes.handlers, ...attempts.handlers },
  });
  let keeping: Repeating | null = null;

  return {
    app,
    async start() {
      await service.start();
      keeping = await keepLeases([attempts, meshes], leaseMs, log);
      if (deps.heal) attempts.healer.start();
      started.resolve();
    },
    async stop(graceMs) {
      service.end();
      procs.end();
      await Promise.all([app.close(), attempts.end(graceMs), meshes.end(graceMs)]);
      await Promise.all([attempts.stop(), procs.stop()]);
      await keeping?.stop();
      await Promise.all([meshes.stop(), service.stop()]);
    },
  };
}
