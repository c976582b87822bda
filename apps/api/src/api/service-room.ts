import type { ConfigLayers } from '@hostmesh/core';
import type { Database } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import { AuditLog } from '../audit/audit-log.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { configHandlers } from '../service/config-handlers.ts';
import type { ServiceHealth } from '../health/service-health.ts';
import { EventHub } from '../events/event-hub.ts';
import { Metrics } from '../metrics/metrics.ts';
import { RetentionKeeper } from '../persist/retention-keeper.ts';
import { serviceHandlers } from '../service/service-handlers.ts';
import { sessionHandlers } from '../service/session-handlers.ts';

export interface ServiceRoomDeps {
  readonly db: Database;
  readonly layers: ConfigLayers;
  readonly maxHosts: number;
  readonly retentionMs: number;
  readonly localAgents: string | null;
  readonly version: string;
  /** Where the dashboard is. */
  readonly dashboardUrl: string;
  readonly health: ServiceHealth;
  readonly log: FastifyBaseLogger;
}

/** The service itself: who may ask, what was done, what changes, and what an attach would send. */
export function serviceRoom(deps: ServiceRoomDeps) {
  const { db, layers, maxHosts, retentionMs, localAgents, version, dashboardUrl, health, log } = deps;
  const hub = new EventHub();
  const audit = new AuditLog(db.audit, log);
  const authenticator = new Authenticator(db);
  const retention = new RetentionKeeper(db, retentionMs, log);
  const metrics = new Metrics();
  metrics.gauge('hostmesh_event_clients', 'Open event streams.', () => hub.clientCount);
  return {
    audit,
    authenticator,
    metrics,
    publish: hub.publish.bind(hub),
    handlers: {
      ...configHandlers(layers),
      ...sessionHandlers(authenticator, audit, {
        about: { version, maxHosts, retentionMs, localAgents },
        dashboardUrl,
      }),
      ...serviceHandlers(db, hub, health, version),
    },
    /** Looks from now on whether all is well, and deletes what is not kept any longer. */
    async start() {
      await health.start();
      retention.start();
    },
    async stop() {
      await Promise.all([retention.stop(), health.stop()]);
    },
    /** Ends every event stream. */
    end: () => hub.close(),
  };
}
