import pg from 'pg';
import { withUtc } from './pool.ts';

/** How long a statement may take: a server that hangs, as one that was stopped does, refuses nothing. */
const WITHIN_MS = 3000;

/**
 * Small statements that somebody counts on within seconds, such as signs of life and leases. They have connections of their
 * own: how busy the others are, and how long they are held, makes them neither late nor fail.
 */
export interface Timely {
  /** Answers the rows. Throws when the database has not done it in time. */
  run<Row extends object>(sql: string, values: readonly unknown[]): Promise<Row[]>;
  close(): Promise<void>;
}

/** The timely connections to a database; they are opened with the first statements. */
export function createTimely(url: string): Timely {
  const pool = new pg.Pool({
    connectionString: withUtc(url) ?? url,
    // Leases and signs of life do not wait for each other.
    max: 3,
    connectionTimeoutMillis: WITHIN_MS,
    query_timeout: WITHIN_MS,
    application_name: 'hostmesh timely',
  });
  pool.on('error', () => undefined);
  return {
    run: async <Row extends object>(sql: string, values: readonly unknown[]) =>
      (await pool.query<Row>(sql, [...values])).rows,
    close: () => pool.end(),
  };
}

/** Writes a sign of life. */
export async function beat(timely: Timely, owner: string): Promise<void> {
  await timely.run(
    `INSERT INTO "Heartbeat" (owner, at) VALUES ($1, now()) ON CONFLICT (owner) DO UPDATE SET at = now()`,
    [owner],
  );
}
