import { fail, ok, type Result } from '@hostmesh/core';
import pg from 'pg';
import type { DatabaseFault } from './database-fault.ts';

/** Oldest server that we support and test with. */
const MIN_VERSION = 15;
const QUERY_WITHIN_MS = 60_000;

/** How to connect. */
export interface PoolOptions {
  /** Most connections at once. */
  poolSize?: number;
  /** How long a connection may take to open. */
  connectTimeoutMs?: number;
  /** Told of connections that break while idle; the pool replaces them. */
  onError?: (error: Error) => void;
}

/** Opens a pool and makes sure that a server answers which is new enough. */
export async function openPool(
  url: string,
  options: PoolOptions = {},
): Promise<Result<pg.Pool, DatabaseFault>> {
  const connectionString = withUtc(url);
  if (connectionString === undefined) {
    return fail({
      code: 'database_url_invalid',
      message: 'The database URL must read postgresql://user:password@host:port/database',
    });
  }
  const pool = new pg.Pool({
    connectionString,
    max: options.poolSize ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5000,
    // A server that hangs answers nothing, for ever; no query of ours takes nearly so long.
    query_timeout: QUERY_WITHIN_MS,
    application_name: 'hostmesh',
  });
  pool.on('error', options.onError ?? (() => undefined));
  const version = await readVersion(pool).catch((error: unknown) => fail(toFault(error, url)));
  if (version.ok && version.value >= MIN_VERSION) return ok(pool);
  await pool.end();
  if (!version.ok) return version;
  return fail({
    code: 'database_too_old',
    message: `The database server is Postgres ${version.value}; Hostmesh needs ${MIN_VERSION} or newer`,
  });
}

async function readVersion(pool: pg.Pool): Promise<Result<number, DatabaseFault>> {
  const { rows } = await pool.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version`,
  );
  return ok(rows[0]?.version ?? 0);
}

/**
 * The URL with its session in UTC. The driver adapter sends times without a zone and relies on the session's
 * (prisma/prisma adapter-pg, `formatDateTime`): on a server set to another zone every time would be off.
 */
export function withUtc(text: string): string | undefined {
  const url = URL.parse(text);
  if (url === null || !['postgresql:', 'postgres:'].includes(url.protocol)) return undefined;
  const given = url.searchParams.get('options');
  url.searchParams.set('options', given === null ? '-c TimeZone=UTC' : `${given} -c TimeZone=UTC`);
  return url.href;
}

function toFault(cause: unknown, url: string): DatabaseFault {
  const { host, pathname } = new URL(url);
  const message = (cause instanceof Error && cause.message) || 'the connection failed';
  // The server spoke. Classes 53 and 57 say that it cannot take us now: too busy, starting up or shutting down.
  if (cause instanceof pg.DatabaseError && !/^5[37]/.test(cause.code ?? '')) {
    return {
      code: 'database_refused',
      message: `The database ${host}${pathname} refused us: ${message}`,
      cause,
    };
  }
  return {
    code: 'database_unreachable',
    message: `The database ${host}${pathname} does not answer: ${message}`,
    cause,
  };
}
