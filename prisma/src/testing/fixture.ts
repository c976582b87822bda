import { randomUUID } from 'node:crypto';
import { afterAll, onTestFinished } from 'vitest';
import type { AttemptRecord } from '../attempt/attempt-record.ts';
import type { NewAttempt } from '../attempt/create-attempt.ts';
import type { HostResultRow } from '../attempt/host-results.ts';
import { openDatabase, type Database } from '../open.ts';
import { createEmptyDatabase, createTestDatabase } from '../testing.ts';
import { DELETE_ROWS, runSql } from './test-server.ts';

/**
 * One database for all tests of a file, empty for each that asks: `const openTestDatabase = useTestDatabase()`. It is
 * closed and given back after the last of them.
 */
export function useTestDatabase(): () => Promise<Database & { url: string }> {
  let opened: Promise<Database & { url: string }> | undefined;
  const undo: (() => Promise<void>)[] = [];
  const open = async () => {
    const { url, release } = await createTestDatabase();
    undo.unshift(release);
    const db = valueOf(await openDatabase(url));
    undo.unshift(db.close);
    return { ...db, url };
  };
  afterAll(async () => {
    for (const step of undo) await step();
  });
  return async () => {
    if (opened !== undefined) await runSql((await opened).url, DELETE_ROWS);
    return (opened ??= open());
  };
}

/** The URL of a database with nothing in it, on the server of the run, dropped after the test. */
export async function emptyDatabaseUrl(): Promise<string> {
  const { url, drop } = await createEmptyDatabase();
  onTestFinished(drop);
  return url;
}

/** The replica that works on what these builders make. */
export const OWNER = 'api-1';
export const lease = { owner: OWNER, durationMs: 60_000 };
export const startedAt = new Date('2026-03-01T12:00:00.000Z');
export const decidedAt = new Date('2026-03-01T12:00:41.000Z');
/** Who ends attempts in tests. */
export const endedBy = { by: 'admin', act: 'attach' };

/** An attach of three hosts, unless said otherwise. */
export function aNewAttempt(given: Partial<NewAttempt> & { hosts?: number } = {}): NewAttempt {
  const { hosts = 3, ...rest } = given;
  return {
    id: `att_${randomUUID()}`,
    kind: 'attach',
    mesh: 'train',
    addresses: Array.from({ length: hosts }, (_, rank) => `tcp:10.0.0.${rank}:26600`),
    extent: { labels: ['hosts'], sizes: [hosts] },
    snapshot: { digest: 'sha256:1', json: '{}' },
    epoch: 1_772_366_400_000_000,
    timeoutMs: 10_000,
    waitForHostsMs: 0,
    replace: true,
    takeOver: true,
    requestedBy: 'admin',
    startedAt,
    lease,
    ...rest,
  };
}

/** A shape that an attempt of three hosts usually does not have. */
export const anotherShape = { labels: ['racks', 'hosts'], sizes: [3, 1] };

/** Creates it, or fails the test. */
export async function storeAttempt(
  db: Database,
  given?: Parameters<typeof aNewAttempt>[0],
): Promise<AttemptRecord> {
  return valueOf(await db.attempts.create(aNewAttempt(given))).attempt;
}

/** The value of a result that has to be one. */
export function valueOf<T>(result: { ok: true; value: T } | { ok: false; fault: { message: string } }): T {
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

/** What a host answered that installed the snapshot, unless said otherwise. */
export const aHost = (rank: number, given: Partial<HostResultRow> = {}): HostResultRow => ({
  rank,
  hostId: `host_${rank}`,
  state: 'installed',
  failure: null,
  restore: null,
  connectMs: 1.5,
  ackMs: 2.5,
  shadowedKeys: [],
  unknownKeys: [],
  tookOverFrom: null,
  agentVersion: '0.1.0',
  ...given,
});

/** A host that refused the connection. */
export const aRefusal = (rank: number): HostResultRow =>
  aHost(rank, {
    hostId: null,
    state: 'failed',
    failure: { kind: 'SendFailed', message: 'connection refused', code: 'ECONNREFUSED' },
    ackMs: null,
    agentVersion: null,
  });

/** Attaches a mesh of three hosts and answers its id. */
export async function attachMesh(
  db: Database,
  given: Parameters<typeof aNewAttempt>[0] = {},
): Promise<string> {
  const attempt = await storeAttempt(db, given);
  const ranks = Array.from({ length: attempt.counts.total }, (_, rank) => rank);
  valueOf(
    await db.attempts.saveHosts(
      attempt.id,
      OWNER,
      ranks.map((rank) => aHost(rank)),
    ),
  );
  const mesh = { id: `mesh_${randomUUID()}`, ref: attempt.mesh };
  return valueOf(await db.attempts.finishAttached(attempt.id, OWNER, { decidedAt, mesh })).meshId;
}
