import type { Fault } from '@hostmesh/core';

/**
 * Why a database cannot be used. The message says what to do about it and never holds the password.
 * - `database_url_invalid`: not a `postgresql://` URL
 * - `database_unreachable`: nobody answers there, or not in time
 * - `database_refused`: the server does not let us in: password, database name, permissions
 * - `database_too_old`: the server is older than Postgres 15
 * - `migration_failed`: a migration could not be applied; the database is as before it
 */
export type DatabaseFault = Fault<
  | 'database_url_invalid'
  | 'database_unreachable'
  | 'database_refused'
  | 'database_too_old'
  | 'migration_failed'
>;
