import { jsonRows } from '../database/text.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import type { LogStream } from '../generated/enums.ts';
import { toLogEntry, type LogEntryRecord, type OpenLineRecord, type ProcLogsRecord } from './proc-record.ts';

/** Which stored output: up to `limit` entries after `after`, or else the last `tail` ones. */
export interface OutputFilter {
  after?: number | undefined;
  /** Looked at when `after` is not given; without both, from the first entry on. */
  tail?: number | undefined;
  limit: number;
  stream?: LogStream | undefined;
}

/** Rows per statement: lines are at most 16 kB, most are far shorter. */
const BATCH_ROWS = 1000;

/**
 * Stores output: entries, and what is open after them in place of what was; null: that is not known. Entries that are there already stay as they
 * are; more of it takes an end back that was marked.
 */
export async function appendLogs(
  client: PrismaClient,
  procId: string,
  entries: readonly LogEntryRecord[],
  open: readonly OpenLineRecord[] | null,
): Promise<void> {
  for (let start = 0; start === 0 || start < entries.length; start += BATCH_ROWS) {
    const rows = jsonRows(entries.slice(start, start + BATCH_ROWS));
    const isLast = start + BATCH_ROWS >= entries.length;
    const openRows = isLast && open !== null ? jsonRows(open) : null;
    await client.$executeRaw`
      WITH new AS (
        SELECT * FROM json_to_recordset(${rows}::json)
          AS new (seq int, stream "LogStream", at timestamptz, text text, partial boolean)
      ), added AS (
        INSERT INTO "ProcLog" ("procId", seq, stream, at, text, partial)
        SELECT ${procId}, seq, stream, at, text, partial FROM new
        ON CONFLICT ("procId", seq) DO NOTHING
      )
      UPDATE "Proc" SET
        "logSeq" = greatest("logSeq", newest.seq),
        "logEnded" = "logEnded" AND coalesce(newest.seq <= "logSeq", true) AND coalesce(${openRows}::jsonb, '[]') = '[]',
        "logOpen" = coalesce(${openRows}::jsonb, CASE WHEN newest.seq > "logSeq" THEN '[]' ELSE "logOpen" END)
      FROM (SELECT max(seq) AS seq FROM new) AS newest
      WHERE id = ${procId} AND (newest.seq IS NOT NULL OR "logOpen" <> ${openRows}::jsonb)`;
  }
}

/** A stretch of stored output, oldest first. */
export async function readLogs(
  client: PrismaClient,
  procId: string,
  { after, tail, limit, stream }: OutputFilter,
): Promise<ProcLogsRecord | undefined> {
  // Before the entries: what is stored in between is then asked for again, not skipped.
  const proc = await client.proc.findUnique({
    where: { id: procId },
    select: { logSeq: true, logEnded: true, logOpen: true },
  });
  if (proc === null) return undefined;
  const isTail = after === undefined && tail !== undefined;
  const rows = await client.procLog.findMany({
    where: { procId, seq: { gt: after ?? 0 }, ...(stream && { stream }) },
    orderBy: { seq: isTail ? 'desc' : 'asc' },
    take: isTail ? tail : limit,
  });
  const entries = (isTail ? rows.toReversed() : rows).map(toLogEntry);
  const last = entries.at(-1)?.seq ?? 0;
  const hasMore = !isTail && rows.length === limit;
  const lastSeq = hasMore ? last : Math.max(proc.logSeq, last, after ?? 0);
  const start = isTail ? (entries[0]?.seq ?? lastSeq) - 1 : (after ?? 0);
  return {
    entries,
    open: readOpenLines(proc.logOpen).filter((line) => stream === undefined || line.stream === stream),
    gaps: await findGaps(client, procId, start, lastSeq),
    lastSeq,
    ended: proc.logEnded && !hasMore,
  };
}

/** As `appendLogs` writes them. */
function readOpenLines(value: Prisma.JsonValue): OpenLineRecord[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((line) => {
    if (typeof line !== 'object' || line === null || Array.isArray(line)) return [];
    const { stream, at, text } = line;
    if (stream !== 'stdout' && stream !== 'stderr') return [];
    return typeof at === 'string' && typeof text === 'string' ? [{ stream, at: new Date(at), text }] : [];
  });
}

function findGaps(
  client: PrismaClient,
  procId: string,
  start: number,
  end: number,
): Promise<ProcLogsRecord['gaps']> {
  return client.$queryRaw<ProcLogsRecord['gaps']>`
    SELECT before AS "afterSeq", seq AS "beforeSeq"
    FROM (
      SELECT seq, lag(seq, 1, ${start}::int) OVER (ORDER BY seq) AS before FROM "ProcLog"
      WHERE "procId" = ${procId} AND seq > ${start} AND seq <= ${end}
    ) AS stored
    WHERE seq > before + 1 ORDER BY seq`;
}
