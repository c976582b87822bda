import type { Result } from '@hostmesh/core';
import type { CursorFault, PageRequest, RowPage } from '../database/page.ts';
import type { ClaimOptions, OwnerLease } from '../database/row-shapes.ts';
import type { Timely } from '../database/timely.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { HostState } from '../generated/enums.ts';
import { claimOrphans, renewAttemptLeases } from './attempt-leases.ts';
import {
  toAttempt,
  withRetries,
  type AttemptCountsRecord,
  type AttemptHostRecord,
  type AttemptRecord,
  type FailureGroupRecord,
  type RestoreRecord,
} from './attempt-record.ts';
import { createAttempt, type CreateAttemptFault, type NewAttempt } from './create-attempt.ts';
import { finishAttached, type Attached, type FinishAttachedFault, type Success } from './finish-attached.ts';
import { finishAttempt, type Ending } from './finish-attempt.ts';
import { saveHosts, saveRestores, type HostResultRow, type LeaseFault } from './host-results.ts';
import {
  groupHostFailures,
  listAttemptHosts,
  listAttempts,
  type AttemptFilter,
  type AttemptHostFilter,
} from './list-attempts.ts';

/** A host that an attempt was for, and how far it got. */
export interface AttemptTarget {
  rank: number;
  address: string;
  hostId: string | null;
  state: HostState;
}

/** Attempts and what their hosts did (design 7.4). Faults are expected; anything thrown means the database. */
export interface Attempts {
  /** Writes attempt and host rows before anything is sent; `created` is false for a repeated idempotent request. */
  create(
    attempt: NewAttempt,
  ): Promise<Result<{ attempt: AttemptRecord; created: boolean }, CreateAttemptFault>>;
  get(id: string): Promise<AttemptRecord | undefined>;
  /** Newest first. */
  list(query: AttemptFilter & PageRequest): Promise<Result<RowPage<AttemptRecord>, CursorFault>>;
  /** In rank order. */
  hosts(
    id: string,
    query: AttemptHostFilter & PageRequest,
  ): Promise<Result<RowPage<AttemptHostRecord>, CursorFault>>;
  /** In rank order, a page at a time: for files of all hosts. */
  readHosts(id: string, filter?: AttemptHostFilter): AsyncGenerator<AttemptHostRecord[]>;
  /** Every host in rank order, only what a retry needs. */
  targets(id: string): Promise<AttemptTarget[]>;
  /** Failing hosts by cause, the most frequent first. */
  failureGroups(id: string): Promise<FailureGroupRecord[]>;
  /** Whole rows of a running attempt; answers the new counts. */
  saveHosts(
    id: string,
    owner: string,
    hosts: readonly HostResultRow[],
  ): Promise<Result<AttemptCountsRecord, LeaseFault>>;
  /** Restores of an attempt that ended without success; the last one settles it. Answers it as it is then. */
  saveRestores(
    id: string,
    owner: string,
    restores: readonly { rank: number; restore: RestoreRecord }[],
  ): Promise<Result<AttemptRecord, LeaseFault>>;
  /** Refused unless every host row is installed. */
  finishAttached(id: string, owner: string, success: Success): Promise<Result<Attached, FinishAttachedFault>>;
  finish(id: string, owner: string, ending: Ending): Promise<Result<AttemptRecord, LeaseFault>>;
  /** Of all unsettled attempts that the owner still holds, on a connection of its own; answers their ids. */
  renewLeases(lease: OwnerLease): Promise<string[]>;
  /** Attempts of owners that are gone, now this owner's to settle. */
  claimOrphans(options: ClaimOptions): Promise<AttemptRecord[]>;
}

/** The attempts of a database. */
export const createAttempts = (client: PrismaClient, timely: Timely): Attempts => ({
  create: (attempt) => createAttempt(client, attempt),
  get: async (id) => {
    const row = await client.attempt.findUnique({ where: { id }, include: withRetries });
    return row === null ? undefined : toAttempt(row);
  },
  list: (query) => listAttempts(client, query),
  hosts: (id, query) => listAttemptHosts(client, id, query).page(query),
  readHosts: (id, filter) => listAttemptHosts(client, id, filter).read(),
  targets: (id) =>
    client.attemptHost.findMany({
      where: { attemptId: id },
      orderBy: { rank: 'asc' },
      select: { rank: true, address: true, hostId: true, state: true },
    }),
  failureGroups: (id) => groupHostFailures(client, id),
  saveHosts: (id, owner, hosts) => saveHosts(client, id, owner, hosts),
  saveRestores: (id, owner, restores) => saveRestores(client, id, owner, restores),
  finishAttached: (id, owner, success) => finishAttached(client, id, owner, success),
  finish: (id, owner, ending) => finishAttempt(client, id, owner, ending),
  renewLeases: (lease) => renewAttemptLeases(timely, lease),
  claimOrphans: (options) => claimOrphans(client, options),
});
