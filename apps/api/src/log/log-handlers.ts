import { Readable } from 'node:stream';
import type { LogEntry, LogGap } from '@hostmesh/contract';
import { countOf, fail, ok, shownLine } from '@hostmesh/core';
import type { ProcRecord, Procs } from '@hostmesh/db';
import { json, type Handlers } from '../http/route-types.ts';
import { invalidRequest, notFound } from '../problem/route-fault.ts';
import { streamLogs, type Followed } from './stream-logs.ts';
import { LogReader, type LogRange } from './log-reader.ts';
import type { LogSource } from './log-source.ts';

/** Entries that are in memory at a time for a file; each has 16 kB at most. */
const FILE_PAGE = 1000;

/** Output of procs over HTTP; `signal` ends what is being followed. */
export function logHandlers(
  procs: Procs,
  source: LogSource,
  signal: AbortSignal,
): Pick<Handlers, 'procLogs'> {
  const reader = new LogReader(procs, source);
  return {
    procLogs: async ({ params, query, headers }) => {
      const proc = await procs.get(params.id);
      if (proc === undefined) return notFound(`proc ${params.id}`);
      const accept = headers.accept ?? '';
      if (/\btext\/event-stream\b/.test(accept)) {
        const after = readLastId(headers['last-event-id']) ?? query.after;
        if (after === 'invalid') {
          const message = 'must be the id of an event of this stream: a number';
          return fail(invalidRequest([{ field: 'Last-Event-ID', message }]));
        }
        const range = { ...query, after };
        return ok({
          kind: 'stream',
          stream: eventStream((ends) => streamLogs({ procs, source, reader }, proc, range, ends), signal),
          contentType: 'text/event-stream',
          headers: { 'x-accel-buffering': 'no', 'cache-control': 'no-store, no-transform' },
        });
      }
      if (/\btext\/plain\b/.test(accept)) {
        return ok({
          kind: 'stream',
          stream: Readable.from(textOf(reader, proc, query), { objectMode: false }),
          contentType: 'text/plain; charset=utf-8',
          headers: { 'content-disposition': `attachment; filename="${proc.id}.log"` },
        });
      }
      return json(await reader.page(proc, query));
    },
  };
}

function readLastId(header: string | string[] | undefined): number | 'invalid' | undefined {
  if (header === undefined || header === '') return undefined;
  return typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : 'invalid';
}

/** Frames of events for as long as the client reads and the signal has not fired. */
function eventStream(
  follow: (signal: AbortSignal) => AsyncGenerator<Followed>,
  signal: AbortSignal,
): Readable {
  const gone = new AbortController();
  const frames = async function* () {
    yield 'retry: 1000\n\n';
    for await (const { seq, event } of follow(AbortSignal.any([gone.signal, signal]))) {
      yield event === null ? ': still here\n\n' : `id: ${seq}\ndata: ${JSON.stringify(event)}\n\n`;
    }
  };
  const stream = Readable.from(frames(), { objectMode: false });
  stream.once('close', () => gone.abort());
  return stream;
}

/** All output from where the range begins up to now, lines that are missing told of. */
async function* textOf(reader: LogReader, proc: ProcRecord, range: LogRange): AsyncGenerator<string> {
  const { stream, tail } = range;
  let page = await reader.page(proc, {
    limit: FILE_PAGE,
    stream,
    ...(tail !== undefined && range.after === undefined ? { tail } : { after: range.after ?? 0 }),
  });
  // What a proc writes meanwhile is not waited for: it may be faster than we are.
  let upTo = Infinity;
  for (;;) {
    yield pageText(page.entries, page.gaps);
    upTo = Math.min(upTo, page.newestSeq);
    if (page.lastSeq >= upTo) {
      // Of a line that has not ended no end is told.
      yield page.open.map(({ text }) => text).join('\n');
      return;
    }
    page = await reader.page(proc, { after: page.lastSeq, limit: FILE_PAGE, stream });
  }
}

function pageText(entries: readonly LogEntry[], gaps: readonly LogGap[]): string {
  const parts: string[] = [];
  const waiting = [...gaps];
  for (const { seq, text, partial } of entries) {
    while (waiting[0] !== undefined && waiting[0].afterSeq < seq) parts.push(gapText(waiting.shift()));
    parts.push(text, partial ? '' : '\n');
  }
  for (const gap of waiting) parts.push(gapText(gap));
  return parts.join('');
}

function gapText(gap: LogGap | undefined): string {
  if (gap === undefined) return '';
  const { afterSeq, beforeSeq, reason } = gap;
  const what = beforeSeq === null ? 'what comes here' : countOf(beforeSeq - afterSeq - 1, 'line');
  return `[hostmesh: ${what} could not be had: ${shownLine(reason)}]\n`;
}
