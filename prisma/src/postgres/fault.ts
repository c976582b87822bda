import type { Fault } from '@hostmesh/core';

/**
 * Why the embedded Postgres does not run.
 * - `postgres_missing`: there are no binaries for this platform
 * - `postgres_in_use`: another live Hostmesh runs a server on this data directory
 * - `postgres_failed`: initdb or the server failed; the message has the end of what it said
 */
export type PostgresFault = Fault<'postgres_missing' | 'postgres_in_use' | 'postgres_failed'>;
