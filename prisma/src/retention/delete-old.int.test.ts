import { expect, test } from 'vitest';
import type { Database } from '../open.ts';
import {
  aRefusal,
  attachMesh,
  decidedAt,
  endedBy,
  OWNER,
  storeAttempt,
  useTestDatabase,
  valueOf,
} from '../testing/fixture.ts';
import { after, anExitRow, aReport, anEnd, spawnProcMesh } from '../testing/proc-fixture.ts';
import { readRows, runSql } from '../testing/test-server.ts';
import { keptAtMost } from './kept.ts';

const openTestDatabase = useTestDatabase();

const { signal } = new AbortController();
const since = new Date('2026-03-05T00:00:00.000Z');
const recent = new Date('2026-03-06T00:00:00.000Z');
const everything = { since, atMost: keptAtMost };

/** What the database notes by its own clock was noted long ago. */
const AGE = `
  UPDATE "StateChange" SET at = '2026-03-01';
  UPDATE "ProcTransition" SET "recordedAt" = '2026-03-01';
  UPDATE "Attempt" SET "settledAt" = "decidedAt" WHERE "settledAt" IS NOT NULL;
  UPDATE "Snapshot" SET "createdAt" = '2026-03-01'`;

const tables = [
  'Attempt',
  'AttemptHost',
  'Mesh',
  'MeshHost',
  'ProcMesh',
  'Proc',
  'ProcTransition',
  'ProcLog',
];

/** Rows of each table, those that have none left out. */
async function countRows(url: string): Promise<Record<string, number>> {
  const names = [...tables, 'StateChange', 'Snapshot', 'AuditEntry', 'Session'];
  const counts = names.map((name) => `SELECT '${name}' AS name, count(*)::int AS rows FROM "${name}"`);
  const rows = await readRows<{ name: string; rows: number }>(url, counts.join(' UNION ALL '));
  return Object.fromEntries(rows.flatMap(({ name, rows: n }) => (n > 0 ? [[name, n]] : [])));
}

/** A mesh that has ended, with a proc mesh whose procs exited with `exitCode`, their output and their history. */
async function endedMesh(db: Database, name: string, exitCode: number): Promise<{ procMeshId: string }> {
  const meshId = await attachMesh(db, { mesh: name, snapshot: { digest: `sha256:${name}`, json: '{}' } });
  const { id } = await spawnProcMesh(db, { meshId, hosts: 1, perHostCount: 1 });
  await db.procMeshes.finishSpawn(id, OWNER, { state: 'running', readyAt: after(1) });
  await db.procs.record(id, OWNER, [aReport(0, 1), anExitRow(0, 2, exitCode)]);
  await db.procs.appendLogs(
    `${id}-0`,
    [{ seq: 1, stream: 'stdout', at: after(1), text: 'hi', partial: false }],
    [],
  );
  valueOf(await db.meshes.beginEnd(meshId, anEnd));
  await db.meshes.finishEnd(meshId, anEnd, decidedAt);
  return { procMeshId: id };
}

const failed = async (db: Database, given: Parameters<typeof storeAttempt>[1]) => {
  const { id } = await storeAttempt(db, given);
  valueOf(await db.attempts.saveHosts(id, OWNER, [0, 1, 2].map(aRefusal)));
  const unfinished = { kind: 'SendFailed' as const, message: 'refused', code: 'ECONNREFUSED' };
  valueOf(await db.attempts.finish(id, OWNER, { state: 'failed', unfinished, decidedAt, endedBy }));
  return id;
};

test('what ended before goes with all that belongs to it, and what somebody has to look at stays', async () => {
  const db = await openTestDatabase();
  await endedMesh(db, 'done', 0);
  const first = await failed(db, { mesh: 'tried' });
  await failed(db, { mesh: 'tried', parentId: first });
  const { procMeshId } = await endedMesh(db, 'broken', 1);
  await runSql(db.url, AGE);
  await db.deleteOld(everything, { signal });
  expect(await countRows(db.url)).toMatchObject({ Attempt: 1, AttemptHost: 3, Mesh: 1, MeshHost: 3 });
  expect(await db.procMeshes.get(procMeshId)).toMatchObject({ state: 'failed' });
  await db.procMeshes.markSeen(procMeshId, 'ops', after(10));
  await db.deleteOld(everything, { signal });
  expect(await countRows(db.url)).toEqual({});
});

test('what lives, what it needs, and what ended lately stay, with the newest of each history', async () => {
  const db = await openTestDatabase();
  const meshId = await attachMesh(db, { mesh: 'live' });
  const { id } = await spawnProcMesh(db, { meshId, hosts: 1, perHostCount: 1 });
  await db.procs.record(id, OWNER, [aReport(0, 1), aReport(0, 2), aReport(0, 3)]);
  const kept = await failed(db, { mesh: 'other' });
  await storeAttempt(db, { mesh: 'other', parentId: kept, startedAt: recent });
  await runSql(db.url, AGE);
  const before = await countRows(db.url);
  await db.deleteOld(everything, { signal });
  const changes = (before.StateChange ?? 0) - 2;
  expect(await countRows(db.url)).toEqual({ ...before, ProcTransition: 1, StateChange: changes });
  expect(valueOf(await db.procs.history(`${id}-0`, { limit: 9 })).items).toMatchObject([{ generation: 3 }]);
});

test('more than the bounds goes from the oldest on, in batches, each once however many delete', async () => {
  const db = await openTestDatabase();
  const { id } = await spawnProcMesh(db, { hosts: 1, perHostCount: 1 });
  await runSql(
    db.url,
    `INSERT INTO "AuditEntry" SELECT 'aud_' || n, timestamptz '2026-04-01' + n * interval '1 s', 'a', 'b', NULL, 'c', 'd'
       FROM generate_series(1, 2503) AS n;
     INSERT INTO "ProcTransition" ("procId", generation, source, status, "statusText", at)
       SELECT '${id}-0', n, 'host', 'Running', '', now() FROM generate_series(1, 7) AS n;
     INSERT INTO "ProcLog" SELECT '${id}-0', n, 'stdout', now(), 'x', false FROM generate_series(1, 9) AS n;
     UPDATE "Proc" SET "logSeq" = 9`,
  );
  const atMost = { auditEntries: 3, transitionsPerProc: 2, changesPerThing: 1, outputPerProc: 4 };
  const stopped = await db.deleteOld({ since, atMost }, { signal: AbortSignal.abort() });
  expect(stopped).toEqual({});
  const both = await Promise.all([1, 2].map(() => db.deleteOld({ since, atMost }, { signal })));
  const sum = (name: string) => both.reduce((total, deleted) => total + (deleted[name] ?? 0), 0);
  expect([
    sum('audit entries'),
    sum('more transitions than are kept'),
    sum('more output than is kept'),
  ]).toEqual([2500, 5, 5]);
  expect(valueOf(await db.audit.list({ limit: 1 })).items).toMatchObject([{ id: 'aud_2503' }]);
  const output = await db.procs.logs(`${id}-0`, { after: 0, limit: 9 });
  expect(output).toMatchObject({ gaps: [{ afterSeq: 0, beforeSeq: 6 }], lastSeq: 9 });
});
