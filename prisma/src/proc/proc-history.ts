import { fail, ok, type Result } from '@hostmesh/core';
import { cutPage, type CursorFault, type PageRequest, type RowPage } from '../database/page.ts';
import type { PrismaClient } from '../generated/client.ts';
import { toTransition, type ProcTransitionRecord } from './proc-record.ts';

/**
 * Every transition of a proc, newest first: by generation, and within one in the order in which they were recorded,
 * so that a report which came late stands where it belongs.
 */
export async function listHistory(
  client: PrismaClient,
  procId: string,
  { limit, cursor }: PageRequest,
): Promise<Result<RowPage<ProcTransitionRecord>, CursorFault>> {
  const after = readCursor(cursor);
  if (!after.ok) return after;
  const older = after.value && {
    OR: [
      { generation: { lt: after.value.generation } },
      { generation: after.value.generation, id: { lt: after.value.id } },
    ],
  };
  const [rows, total] = await Promise.all([
    client.procTransition.findMany({
      where: { procId, ...older },
      orderBy: [{ generation: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    }),
    client.procTransition.count({ where: { procId } }),
  ]);
  const page = cutPage(rows, limit, ({ generation, id }) => `${generation}.${id}`, total);
  return ok({ ...page, items: page.items.map(toTransition) });
}

function readCursor(
  cursor: string | undefined,
): Result<{ generation: number; id: bigint } | undefined, CursorFault> {
  if (cursor === undefined) return ok(undefined);
  const [, generation, id] = /^(\d{1,9})\.(\d{1,18})$/.exec(cursor) ?? [];
  return generation === undefined || id === undefined
    ? fail({ code: 'invalid_cursor', message: 'The cursor is not one of this list' })
    : ok({ generation: Number(generation), id: BigInt(id) });
}
