import type { Result } from '@hostmesh/core';
import { pageByTime, type CursorFault, type PageRequest, type RowPage } from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';

/** One thing that somebody did through the API. */
export interface AuditRecord {
  id: string;
  at: Date;
  actor: string;
  action: string;
  target: string | null;
  outcome: string;
  requestId: string;
  /** How often it was: the first time at `at`, the last at `lastAt`, which is null when it was once. */
  count: number;
  lastAt: Date | null;
}

/** What is added: done once. */
export type NewAuditRecord = Omit<AuditRecord, 'count' | 'lastAt'>;

/** Filter of the audit list; `q` is part of actor, action, target or request id. */
export interface AuditFilter {
  q?: string | undefined;
}

/** What was done. */
export interface Audit {
  append(entry: NewAuditRecord): Promise<void>;
  /** Adds it, or counts it once more where there is one of its id. */
  appendOrCount(entry: NewAuditRecord): Promise<void>;
  /** Newest first; without a total, since the list grows without end. */
  list(query: AuditFilter & PageRequest): Promise<Result<RowPage<AuditRecord>, CursorFault>>;
}

/** The audit list of a database. */
export const createAudit = (client: PrismaClient): Audit => ({
  append: async (entry) => {
    const target = entry.target === null ? null : storable(entry.target);
    await client.auditEntry.create({ data: { ...entry, target } });
  },
  appendOrCount: async ({ target, ...entry }) => {
    await client.auditEntry.upsert({
      where: { id: entry.id },
      create: { ...entry, target: target === null ? null : storable(target) },
      update: { count: { increment: 1 }, lastAt: entry.at },
    });
  },
  list: ({ q, ...page }) => {
    const filter: Prisma.AuditEntryWhereInput = q
      ? {
          OR: [
            { actor: containing(q) },
            { action: containing(q) },
            { target: containing(q) },
            { requestId: containing(q) },
          ],
        }
      : {};
    return pageByTime(
      page,
      (entry) => entry,
      (after, take) => {
        const older = after && { OR: [{ at: { lt: after.at } }, { at: after.at, id: { lt: after.id } }] };
        return client.auditEntry.findMany({
          where: { AND: [filter, older ?? {}] },
          orderBy: [{ at: 'desc' }, { id: 'desc' }],
          take,
        });
      },
    );
  },
});
