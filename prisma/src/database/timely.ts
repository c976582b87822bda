import pg from 'pg';
import { withUtc } from './pool.ts';

/** How long a beat may take: a server that hangs, as one that was stopped does, refuses nothing. */
const BEAT_WITHIN_MS = 3000;

/** Small writes, on a connection of their own: whether they work does not depend on how busy the others are. */
export interface Heartbeat {
  /** Throws when the database has not taken the write in time. */
  beat(owner: string): Promise<void>;
  close(): Promise<void>;
}

/** The heartbeat of a database; it connects with the first beat. */
export function createHeartbeat(url: string): Heartbeat {
  const pool = new pg.Pool({
    connectionString: withUtc(url) ?? url,
    max: 1,
    connectionTimeoutMillis: BEAT_WITHIN_MS,
    query_timeout: BEAT_WITHIN_MS,
    application_name: 'hostmesh heartbeat',
  });
  pool.on('error', () => undefined);
  return {
    async beat(owner) {
      await pool.query(
        `INSERT INTO "Heartbeat" (owner, at) VALUES ($1, now()) ON CONFLICT (owner) DO UPDATE SET at = now()`,
        [owner],
      );
    },
    close: () => pool.end(),
  };
}
