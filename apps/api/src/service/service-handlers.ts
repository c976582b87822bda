import type { Database } from '@hostmesh/db';
import { fail, ok } from '@hostmesh/core';
import type { ServiceHealth } from '../health/service-health.ts';
import type { EventHub } from '../events/event-hub.ts';
import { json, pageAnswer, type Handlers } from '../http/route-types.ts';
import { refuse } from '../problem/route-fault.ts';
import { schemaBehind } from '../problem/thrown-fault.ts';

/** Whether we live and can work, what was done, and what changes. */
export function serviceHandlers(
  db: Pick<Database, 'audit' | 'pendingMigrations'>,
  hub: EventHub,
  health: Pick<ServiceHealth, 'parts' | 'isDiskFull'>,
  version: string,
): Pick<Handlers, 'health' | 'ready' | 'events' | 'audit'> {
  return {
    health: async () => json({ status: 'ok', version }),
    ready: async () => {
      const parts = [...health.parts];
      const broken = parts.filter(({ part, ok }) => !ok && part !== 'process');
      const lacking = broken.some(({ part }) => part === 'disk') ? [] : await readPending(db);
      if (lacking !== undefined && lacking.length > 0) return fail({ ...schemaBehind(lacking), parts });
      if (broken.length > 0) {
        const code = health.isDiskFull ? 'disk_full' : 'database_unavailable';
        const what = broken.map(({ part, since, detail }) => `${part}: ${detail}, since ${since}`).join('; ');
        return refuse(code, `Not ready. ${what}.`, { parts });
      }
      if (lacking === undefined) return refuse('database_unavailable', 'The database does not answer.');
      return json({ status: 'ready', database: 'answers', migrations: 'all applied', parts });
    },
    events: async ({ query, headers }) =>
      ok({
        kind: 'stream',
        stream: hub.subscribe(query, headers['last-event-id']?.toString()),
        contentType: 'text/event-stream',
        // A proxy in between must not hold events back, neither as such nor to compress them.
        headers: { 'x-accel-buffering': 'no', 'cache-control': 'no-store, no-transform' },
      }),
    audit: async ({ query }) =>
      pageAnswer(await db.audit.list(query), ({ at, lastAt, ...entry }) => ({
        ...entry,
        at: at.toISOString(),
        lastAt: lastAt?.toISOString() ?? null,
      })),
  };
}

async function readPending(db: Pick<Database, 'pendingMigrations'>): Promise<string[] | undefined> {
  try {
    return await db.pendingMigrations();
  } catch {
    return undefined;
  }
}
