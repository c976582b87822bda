import type { Result } from '@hostmesh/core';
import {
  listByRank,
  pageByTime,
  type CursorFault,
  type PageRequest,
  type RankList,
  type RowPage,
} from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import type { AttemptKind, AttemptState, HostState, RestoreKind } from '../generated/enums.ts';
import {
  toAttempt,
  toAttemptHost,
  withRetries,
  type AttemptHostRecord,
  type AttemptRecord,
  type FailureGroupRecord,
} from './attempt-record.ts';

/** Filters of the list of attempts; `q` is part of an id, mesh name or requester. */
export interface AttemptFilter {
  kind?: AttemptKind | undefined;
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
  withoutEffect?: boolean | undefined;
  q?: string | undefined;
}

/** Attempts, newest first. */
export function listAttempts(
  client: PrismaClient,
  { kind, state, mesh, q, ...page }: AttemptFilter & PageRequest,
): Promise<Result<RowPage<AttemptRecord>, CursorFault>> {
  const filter: Prisma.AttemptWhereInput = {
    ...(kind && { kind }),
    ...(state && { state }),
    ...(mesh !== undefined && { mesh: storable(mesh) }),
    ...(q && { OR: [{ id: containing(q) }, { mesh: containing(q) }, { requestedBy: containing(q) }] }),
  };
  return pageByTime(
    page,
    ({ startedAt, id }) => ({ at: startedAt, id }),
    async (after, take) => {
      const older = after && {
        OR: [{ startedAt: { lt: after.at } }, { startedAt: after.at, id: { lt: after.id } }],
      };
      const rows = await client.attempt.findMany({
        where: { AND: [filter, older ?? {}] },
        orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
        take,
        include: withRetries,
      });
      return rows.map(toAttempt);
    },
    () => client.attempt.count({ where: filter }),
  );
}

/** An attempt's hosts in rank order, those that the filter lets through. */
export function listAttemptHosts(
  client: PrismaClient,
  attemptId: string,
  { state, kind, code, restore, withoutEffect, q }: AttemptHostFilter = {},
): RankList<AttemptHostRecord> {
  const isWithoutEffect: Prisma.AttemptHostWhereInput = {
    state: 'installed',
    NOT: { shadowedKeys: { equals: [] }, unknownKeys: { isEmpty: true } },
  };
  const where: Prisma.AttemptHostWhereInput = {
    attemptId,
    ...(state && { state }),
    ...(kind !== undefined && { failureKind: storable(kind) }),
    ...(code !== undefined && { failureCode: storable(code) }),
    ...(restore && { restore }),
    ...(withoutEffect !== undefined && { AND: withoutEffect ? isWithoutEffect : { NOT: isWithoutEffect } }),
    ...(q && { OR: [{ address: containing(q) }, { hostId: containing(q) }] }),
  };
  return listByRank(
    async (after, take) => {
      const rows = await client.attemptHost.findMany({
        where: { ...where, rank: { gt: after } },
        orderBy: { rank: 'asc' },
        take,
      });
      return rows.map(toAttemptHost);
    },
    () => client.attemptHost.count({ where }),
  );
}

/** Failing hosts by cause, the most frequent first: what a person reads first. */
export function groupHostFailures(client: PrismaClient, attemptId: string): Promise<FailureGroupRecord[]> {
  return client.$queryRaw<FailureGroupRecord[]>`
    SELECT
      "failureKind" AS kind, "failureCode" AS code, count(*)::int AS count,
      (array_agg(failure ->> 'message' ORDER BY rank))[1] AS message,
      CASE WHEN "failureCode" = 'own_limit' THEN NULL ELSE (array_agg(address ORDER BY rank))[1] END AS "firstAddress"
    FROM "AttemptHost" WHERE "attemptId" = ${attemptId} AND state = 'failed'
    GROUP BY "failureKind", "failureCode"
    ORDER BY count DESC, min(rank)`;
}
