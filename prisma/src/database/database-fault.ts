import type { Fault } from '@hostmesh/core';
import { Prisma } from '../generated/client.ts';

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

/** SQLSTATE of a server that cannot extend a file. */
const DISK_FULL = '53100';

/** What the driver adapter calls a server that cannot be talked to. */
const unavailableKinds = ['DatabaseNotReachable', 'ConnectionClosed', 'SocketTimeout', 'TooManyConnections'];

/**
 * True when what a repository threw means that the database does not answer, now or for this request: the caller
 * may try again later. Anything else that they throw is a bug.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (isDatabaseFull(error) || isDatabaseBusy(error) || isSchemaBehind(error)) return true;
  // Sent by pg as plain errors: the connection broke in the middle, or nothing came on it.
  if (/^Connection terminated|^Query read timeout/.test(error.message)) return true;
  if ('code' in error && /^(57P|ECONN|EPIPE|ENOENT)/.test(String(error.code))) return true;
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  const { kind, code } = causeOf(error.meta?.['driverAdapterError']);
  // Class 57 is operator intervention: the server is going down or coming up.
  return unavailableKinds.includes(kind) || code.startsWith('57P');
}

/**
 * True when every connection was busy for too long: the server may well answer. Part of `isDatabaseUnavailable`.
 */
export const isDatabaseBusy = (error: unknown): boolean =>
  error instanceof Error &&
  (/^timeout exceeded when trying to connect/.test(error.message) ||
    ('code' in error && (error.code === 'P2028' || error.code === 'P2024')));

/** True when the server's disk is full. What was not written can be, once there is room. Part of `isDatabaseUnavailable`. */
export const isDatabaseFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('code' in error && error.code === DISK_FULL) ||
    causeOf('meta' in error && isRecord(error.meta) ? error.meta['driverAdapterError'] : undefined).code ===
      DISK_FULL ||
    /No space left on device|Code: `53100`/.test(error.message));

/** True when what we ask for is not in the database: it has not been brought up to date. Part of `isDatabaseUnavailable`. */
export function isSchemaBehind(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  const meta = 'meta' in error && isRecord(error.meta) ? error.meta['driverAdapterError'] : undefined;
  return (
    [code, causeOf(meta).code].some((each) => missing.includes(each)) ||
    /Code: `(42P01|42703)`/.test(error.message)
  );
}

/** A table or a column that is not there, as Postgres and as Prisma say it. */
const missing: readonly string[] = ['42P01', '42703', 'P2021', 'P2022'];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function causeOf(adapterError: unknown): { kind: string; code: string } {
  const cause = adapterError instanceof Error ? adapterError.cause : undefined;
  if (typeof cause !== 'object' || cause === null) return { kind: '', code: '' };
  return {
    kind: 'kind' in cause ? String(cause.kind) : '',
    code: String(('originalCode' in cause && cause.originalCode) || ('code' in cause ? cause.code : '')),
  };
}
