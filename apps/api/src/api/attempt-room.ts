import type { ApiEvent } from '@hostmesh/contract';
import { instanceHostMeshId, printHostMeshId, type ConfigAttrs } from '@hostmesh/core';
import type { Database, OwnerLease } from '@hostmesh/db';
import { createEpochSource } from '@hostmesh/host-mesh';
import type { Owner, Transport } from '@hostmesh/protocol';
import type { FastifyBaseLogger } from 'fastify';
import { attemptHandlers } from '../attempt/attempt-handlers.ts';
import { AttemptService } from '../attempt/attempt-service.ts';
import { Healer } from '../attempt/healer.ts';
import { Recovery } from '../attempt/recovery.ts';
import type { Actor, AuditLog } from '../audit/audit-log.ts';
import { randomUid } from '../id/random-id.ts';
import type { OwnedMeshes } from '../mesh/owned-meshes.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { preflightHandlers } from '../attempt/preflight-handlers.ts';

export interface AttemptRoomDeps {
  readonly db: Pick<Database, 'attempts' | 'meshes'>;
  readonly owned: OwnedMeshes;
  readonly attrsOf: (digest: string) => Promise<ConfigAttrs>;
  readonly transport: Transport;
  /** Who we are to the agents. */
  readonly client: Owner;
  readonly lease: OwnerLease;
  readonly concurrency: number;
  /** The values that an attach sends where the request does not say otherwise. */
  readonly base: ConfigAttrs;
  readonly maxHosts: number;
  readonly recordLimitMs: number;
  readonly audit: AuditLog;
  readonly metrics: Metrics;
  readonly publish: (event: ApiEvent) => void;
  readonly log: FastifyBaseLogger;
}

/** Attempts: attaches, pushes and retries, what becomes of those that were interrupted, and looks ahead at an attach. */
export function attemptRoom(deps: AttemptRoomDeps) {
  const { db, owned, attrsOf, transport, client, lease, concurrency, base, maxHosts } = deps;
  const { recordLimitMs, audit, metrics, publish, log } = deps;
  const { attempts, meshes } = db;
  const epochs = createEpochSource();
  const recovery = new Recovery({ attempts, transport, lease, concurrency, publish, log });
  const service = new AttemptService({
    attempts,
    meshes,
    owned,
    attrsOf,
    recovery,
    transport,
    client,
    lease,
    owner: lease.owner,
    epochs,
    concurrency,
    recordLimitMs,
    newMeshId: (name) => printHostMeshId(instanceHostMeshId(name, randomUid())),
    audit,
    metrics,
    publish,
    log,
  });
  const healer = new Healer({
    owned,
    heal: (id, ranks, abandoned) => service.heal(id, ranks, abandoned),
    abandoned: (strays) => meshes.abandoned(strays),
    log,
  });
  metrics.gauge('hostmesh_running_attempts', 'Attempts that run now.', () => service.runs.length);
  return {
    handlers: {
      ...attemptHandlers(service, attempts, { base, maxHosts }),
      ...preflightHandlers({ attempts, meshes, transport, client, concurrency, base, maxHosts }),
    },
    /** Keeps what is ours. */
    renew: async () => {
      const { runs } = service;
      service.dropLost(new Set(await attempts.renewLeases(lease)), runs);
    },
    /** Takes over attempts that nobody works on. */
    claim: (atStart: boolean) => recovery.claim(atStart),
    healer,
    makeWay: (mesh: string, actor: Actor) => service.makeWay(mesh, actor),
    end: async (graceMs: number) => {
      await healer.stop();
      await service.stop(graceMs);
    },
    stop: async () => {
      await Promise.all([service.settled(), recovery.stop()]);
    },
  };
}
