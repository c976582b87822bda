import { ok, type Result } from '@hostmesh/core';
import {
  cutPage,
  readRankCursor,
  readTimeCursor,
  timeCursor,
  type CursorFault,
  type Page,
  type PageRequest,
} from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import type { AttemptState, HostState, RestoreKind } from '../generated/enums.ts';
import {
  toAttempt,
  toAttemptHost,
  withRetries,
  type AttemptHostRecord,
  type AttemptRecord,
  type FailureGroupRecord,
} from './record.ts';

/** Filters of the list of attempts; `q` is part of an id, mesh name or requester. */
export interface AttemptQuery extends PageRequest {
  state?: AttemptState | undefined;
  mesh?: string | undefined;
  q?: string | undefined;
}

/** Filters of an attempt's hosts; `q` is part of an address or host id. */
export interface AttemptHostFilter {
  state?: HostState | undefined;
  kind?: string | undefined;
  code?: string | undefined;
  restore?: RestoreKind | undefined;
  q?: string | undefined;
}

/** Rows per page of a stream. */
const STREAM_ROWS = 1000;

/** Attempts, newest first. */
export async function listAttempts(
  client: PrismaClient,
  { limit, cursor, state, mesh, q }: AttemptQuery,
): Promise<Result<Page<AttemptRecord>, CursorFault>> {
  const after = readTimeCursor(cursor);
  if (!after.ok) return after;
  const last = after.value;
  const filter: Prisma.AttemptWhereInput = {
    ...(state && { state }),
    ...(mesh !== undefined && { mesh: storable(mesh) }),
    ...(q && { OR: [{ id: containing(q) }, { mesh: containing(q) }, { requestedBy: containing(q) }] }),
  };
  const [rows, total] = await Promise.all([
    client.attempt.findMany({
      where: {
        AND: [
          filter,
          last ? { OR: [{ startedAt: { lt: last.at } }, { startedAt: last.at, id: { lt: last.id } }] } : {},
        ],
      },
      orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
      include: withRetries,
    }),
    client.attempt.count({ where: filter }),
  ]);
  return ok(cutPage(rows, limit, toAttempt, (row) => timeCursor({ at: row.startedAt, id: row.id }), total));
}

/** An attempt's hosts in rank order. */
export async function listAttemptHosts(
  client: PrismaClient,
  attemptId: string,
  { limit, cursor, ...filter }: AttemptHostFilter & PageRequest,
): Promise<Result<Page<AttemptHostRecord>, CursorFault>> {
  const after = readRankCursor(cursor);
  if (!after.ok) return after;
  const where = hostsWhere(attemptId, filter);
  const [rows, total] = await Promise.all([
    client.attemptHost.findMany({
      where: { ...where, rank: { gt: after.value } },
      orderBy: { rank: 'asc' },
      take: limit + 1,
    }),
    client.attemptHost.count({ where }),
  ]);
  return ok(cutPage(rows, limit, toAttemptHost, (row) => String(row.rank), total));
}

/** All of an attempt's hosts that the filter lets through, in rank order, a page at a time. */
export async function* readAttemptHosts(
  client: PrismaClient,
  attemptId: string,
  filter: AttemptHostFilter = {},
): AsyncGenerator<AttemptHostRecord[]> {
  const where = hostsWhere(attemptId, filter);
  for (let after = -1; ;) {
    const rows = await client.attemptHost.findMany({
      where: { ...where, rank: { gt: after } },
      orderBy: { rank: 'asc' },
      take: STREAM_ROWS,
    });
    if (rows.length > 0) yield rows.map(toAttemptHost);
    if (rows.length < STREAM_ROWS) return;
    after = rows.at(-1)?.rank ?? after;
  }
}

/** Failing hosts by cause, the most frequent first: what a person reads first. */
export function groupFailures(client: PrismaClient, attemptId: string): Promise<FailureGroupRecord[]> {
  return client.$queryRaw<FailureGroupRecord[]>`
    SELECT
      "failureKind" AS kind, "failureCode" AS code, count(*)::int AS count,
      (array_agg(failure ->> 'message' ORDER BY rank))[1] AS message,
      (array_agg(address ORDER BY rank))[1] AS "firstAddress"
    FROM "AttemptHost" WHERE "attemptId" = ${attemptId} AND state = 'failed'
    GROUP BY "failureKind", "failureCode"
    ORDER BY count DESC, min(rank)`;
}

function hostsWhere(
  attemptId: string,
  { state, kind, code, restore, q }: AttemptHostFilter,
): Prisma.AttemptHostWhereInput {
  return {
    attemptId,
    ...(state && { state }),
    ...(kind !== undefined && { failureKind: storable(kind) }),
    ...(code !== undefined && { failureCode: storable(code) }),
    ...(restore && { restore }),
    ...(q && { OR: [{ address: containing(q) }, { hostId: containing(q) }] }),
  };
}
