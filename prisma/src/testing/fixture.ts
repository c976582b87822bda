import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { AttemptRecord } from '../attempt/attempt-record.ts';
import type { NewAttempt } from '../attempt/create-attempt.ts';
import type { HostResultRow } from '../attempt/host-results.ts';
import { openDatabase, type Database } from '../open.ts';
import { createTestDatabase } from '../testing.ts';
import { databaseUrl, runSql } from './template.ts';

/** A database of this test alone, closed and dropped after it. */
export async function openTestDatabase(): Promise<Database & { url: string }> {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const opened = await openDatabase(url);
  if (!opened.ok) throw new Error(opened.fault.message);
  onTestFinished(opened.value.close);
  return { ...opened.value, url };
}

/** The URL of a database with nothing in it, on the server of the run, dropped after the test. */
export async function createEmptyDatabase(): Promise<string> {
  const { url, drop } = await createTestDatabase();
  onTestFinished(drop);
  const name = `hostmesh_empty_${randomUUID()}`;
  await runSql(url, `CREATE DATABASE "${name}" TEMPLATE template0`);
  onTestFinished(() => runSql(url, `DROP DATABASE "${name}" WITH (FORCE)`));
  return databaseUrl(url, name);
}

/** The replica that works on what these builders make. */
export const OWNER = 'api-1';
export const lease = { owner: OWNER, durationMs: 60_000 };
export const startedAt = new Date('2026-03-01T12:00:00.000Z');
export const finishedAt = new Date('2026-03-01T12:00:41.000Z');

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
    requestedBy: 'admin',
    startedAt,
    lease,
    ...rest,
  };
}

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
  return valueOf(await db.attempts.finishAttached(attempt.id, OWNER, { finishedAt, mesh })).meshId;
}
