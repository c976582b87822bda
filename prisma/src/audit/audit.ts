import { ok, type Result } from '@hostmesh/core';
import {
  cutPage,
  readTimeCursor,
  timeCursor,
  type CursorFault,
  type Page,
  type PageRequest,
} from '../database/page.ts';
import { containing, storable } from '../database/text.ts';
import type { PrismaClient } from '../generated/client.ts';

/** One thing that somebody did through the API. */
export interface AuditRecord {
  id: string;
  at: Date;
  actor: string;
  action: string;
  target: string | null;
  outcome: string;
  requestId: string;
}

/** Filter of the audit list; `q` is part of actor, action, target or request id. */
export interface AuditQuery extends PageRequest {
  q?: string | undefined;
}

/** What was done, append-only. */
export interface Audit {
  append(entry: AuditRecord): Promise<void>;
  /** Newest first; without a total, since the list grows without end. */
  list(query: AuditQuery): Promise<Result<Page<AuditRecord>, CursorFault>>;
}

/** The audit list of a database. */
export const createAudit = (client: PrismaClient): Audit => ({
  append: async (entry) => {
    const target = entry.target === null ? null : storable(entry.target);
    await client.auditEntry.create({ data: { ...entry, target } });
  },
  list: async ({ limit, cursor, q }) => {
    const after = readTimeCursor(cursor);
    if (!after.ok) return after;
    const last = after.value;
    const rows = await client.auditEntry.findMany({
      where: {
        AND: [
          q
            ? {
                OR: [
                  { actor: containing(q) },
                  { action: containing(q) },
                  { target: containing(q) },
                  { requestId: containing(q) },
                ],
              }
            : {},
          last ? { OR: [{ at: { lt: last.at } }, { at: last.at, id: { lt: last.id } }] } : {},
        ],
      },
      orderBy: [{ at: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    return ok(cutPage(rows, limit, (row) => row, timeCursor));
  },
});
