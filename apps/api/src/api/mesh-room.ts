import { MAX_PROCS, type ApiEvent } from '@hostmesh/contract';
import type { ConfigAttrs } from '@hostmesh/core';
import type { Database, OwnerLease } from '@hostmesh/db';
import type { Owner, Transport } from '@hostmesh/protocol';
import type { FastifyBaseLogger } from 'fastify';
import type { Actor, AuditLog } from '../audit/audit-log.ts';
import { hostConfigHandlers } from '../mesh/host-config-handlers.ts';
import { EndMeshService } from '../mesh/end-mesh-service.ts';
import { historyHandlers } from '../mesh/history-handlers.ts';
import { meshHandlers } from '../mesh/mesh-handlers.ts';
import { OwnedMeshes } from '../mesh/owned-meshes.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { orphanHandlers } from '../orphan/orphan-handlers.ts';
import { procMeshHandlers } from '../proc-mesh/proc-mesh-handlers.ts';
import { SpawnService } from '../proc-mesh/spawn/spawn-service.ts';
import { StopService } from '../proc-mesh/stop/stop-service.ts';
import type { procRoom } from './proc-room.ts';

export interface MeshRoomDeps {
  readonly db: Pick<Database, 'attempts' | 'changes' | 'meshes' | 'procMeshes' | 'procs' | 'snapshotJson'>;
  readonly procRoom: ReturnType<typeof procRoom>;
  readonly transport: Transport;
  /** Who we are to the agents. */
  readonly client: Owner;
  readonly lease: OwnerLease;
  readonly concurrency: number;
  /** How often a silent host is asked whether it is there; as its config has it when absent. */
  readonly monitorMs: number | undefined;
  readonly recordLimitMs: number;
  readonly audit: AuditLog;
  readonly metrics: Metrics;
  readonly publish: (event: ApiEvent) => void;
  readonly log: FastifyBaseLogger;
  /** What attempts, which are built later, do before a spawn and before an end. */
  readonly heal: (meshId: string) => Promise<void>;
  readonly makeWay: (meshName: string, actor: Actor) => Promise<void>;
}

/** Hosts that are asked for orphans at a time: each is dialled for it. */
const ORPHAN_CONCURRENCY = 128;

/** The meshes that we own, and the spawns, stops and ends that requests begin on them. */
export function meshRoom(deps: MeshRoomDeps) {
  const { db, transport, client, lease, concurrency, monitorMs, audit, metrics, publish, log } = deps;
  const { meshes, procMeshes, procs } = db;
  const { owner } = lease;
  const { live, resumer, background, reader, logs } = deps.procRoom;
  const attrsOf = async (digest: string): Promise<ConfigAttrs> => {
    const json = await db.snapshotJson(digest);
    if (json === undefined) throw new Error(`snapshot ${digest} is referred to and not there`);
    // Written from `ConfigSnapshot.json`, the canonical form of just this type.
    return JSON.parse(json) as ConfigAttrs;
  };
  const owned = new OwnedMeshes({
    meshes,
    lease,
    transport,
    client,
    concurrency,
    procs: live,
    resumer,
    attrsOf,
    publish,
    log,
    ...(monitorMs !== undefined && { monitorIntervalMs: monitorMs }),
  });
  metrics.gauge('hostmesh_watched_meshes', 'Meshes whose hosts are watched.', () => owned.ids.length);
  const spawns = new SpawnService({
    live,
    background,
    procMeshes,
    procs,
    meshes,
    owner,
    meshOf: (id) => owned.get(id),
    attrsOf,
    heal: deps.heal,
    audit,
    log,
    recordLimitMs: deps.recordLimitMs,
    maxProcs: MAX_PROCS,
  });
  const stops = new StopService({ meshes, procMeshes, owner, live, background, spawns, reader, audit });
  const ends = new EndMeshService({
    meshes,
    owned,
    procs: live,
    spawns,
    logs,
    audit,
    makeWay: deps.makeWay,
  });
  return {
    owned,
    attrsOf,
    handlers: {
      ...meshHandlers({ meshes, owned, ends, procs: live, audit }),
      ...procMeshHandlers({ procMeshes, reader, spawns, stops, live, publish, audit }),
      ...hostConfigHandlers(meshes, transport),
      ...historyHandlers(db),
      ...orphanHandlers({
        meshes,
        changes: db.changes,
        procMeshes,
        procs,
        transport,
        client,
        concurrency: Math.min(concurrency, ORPHAN_CONCURRENCY),
        audit,
      }),
    },
    /** Keeps what is ours. */
    renew: async () => {
      const { ids } = owned;
      owned.reconcile(new Set(await meshes.renewLeases(lease)), ids);
    },
    /** Takes over meshes that nobody looks after. */
    claim: (atStart: boolean) => owned.claim(atStart),
    end: (graceMs: number) => spawns.stop(graceMs),
    stop: () => owned.stop(),
  };
}
