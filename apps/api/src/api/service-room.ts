import type { ConfigLayers } from '@hostmesh/core';
import type { Database } from '@hostmesh/db';
import type { FastifyBaseLogger } from 'fastify';
import { AuditLog } from '../audit/audit-log.ts';
import { Authenticator } from '../auth/authenticator.ts';
import { configHandlers } from '../service/config-handlers.ts';
import type { ServiceHealth } from '../health/service-health.ts';
import { EventHub } from '../events/event-hub.ts';
import { Metrics } from '../metrics/metrics.ts';
import { serviceHandlers } from '../service/service-handlers.ts';
import { sessionHandlers } from '../service/session-handlers.ts';

export interface ServiceRoomDeps {
  readonly db: Database;
  readonly layers: ConfigLayers;
  readonly maxHosts: number;
  readonly version: string;
  readonly health: ServiceHealth;
  readonly log: FastifyBaseLogger;
}

/** The service itself: who may ask, what was done, what changes, and what an attach would send. */
export function serviceRoom({ db, layers, maxHosts, version, health, log }: ServiceRoomDeps) {
  const hub = new EventHub();
  const audit = new AuditLog(db.audit, log);
  const authenticator = new Authenticator(db.tokens, db.sessions);
  const metrics = new Metrics();
  metrics.gauge('hostmesh_event_clients', 'Open event streams.', () => hub.clientCount);
  return {
    audit,
    authenticator,
    metrics,
    publish: hub.publish.bind(hub),
    handlers: {
      ...configHandlers(layers),
      ...sessionHandlers(authenticator, audit, { version, maxHosts }),
      ...serviceHandlers(db, hub, health, version),
    },
    /** Ends every event stream. */
    end: () => hub.close(),
  };
}
