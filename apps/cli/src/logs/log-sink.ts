import { shownJson } from '@hostmesh/core';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogEntry, OpenLine, Proc } from '@hostmesh/contract';
import type { Context } from '../context.ts';
import { safeLine } from '../output/table.ts';
import { LineWriter } from './line-writer.ts';

/** Where the output of procs goes. */
export interface LogSink {
  /** Resolves when more can be taken. */
  write(proc: Proc, entry: LogEntry): Promise<void>;
  /** What a proc has written of lines that have not ended, in place of what was told of it before. */
  open(proc: Proc, lines: readonly OpenLine[]): Promise<void>;
  /** What is left of lines that were never completed, and whatever has to be closed. */
  end(): Promise<void>;
}

/**
 * Prints lines, with the rank before each unless they are all of one proc; JSON prints an entry per line, `open` ones too.
 * On a terminal the line that changed last and has not ended is drawn below, elsewhere one is printed as far as it goes.
 */
export function printingSink(context: Context, hasPrefix: boolean): LogSink {
  if (context.json) return jsonSink(context);
  return context.isTerminal ? terminalSink(context, hasPrefix) : pipeSink(context, hasPrefix);
}

function jsonSink(context: Context): LogSink {
  const print = ({ id, rank }: Proc, more: object) =>
    context.out(shownJson({ procId: id, rank, ...more }, 0));
  return {
    write: async (proc, entry) => print(proc, entry),
    open: async (proc, lines) => lines.forEach((line) => print(proc, { open: true, ...line })),
    end: async () => {},
  };
}

const prefixOf = ({ rank }: Proc, hasPrefix: boolean): string => (hasPrefix ? `[${rank}] ` : '');

/** What has been written is there for good: lines that have not ended go on in place, as far as those of others let them. */
function pipeSink(context: Context, hasPrefix: boolean): LogSink {
  const writer = new LineWriter();
  const joiners = new Map<Proc, LineJoiner>();
  const opened = new Map<Proc, readonly OpenLine[]>();
  const add = (what: 'open' | 'line', proc: Proc, stream: Stream, line: string) => {
    const text = writer[what](`${proc.id} ${stream}`, prefixOf(proc, hasPrefix), line);
    if (text !== '') context.out(text, '');
  };
  const push = (proc: Proc, entry: LinePiece) => {
    const line = joinerOf(joiners, proc).push(entry);
    if (line !== undefined) add('line', proc, entry.stream, line);
  };
  return {
    write: async (proc, entry) => push(proc, entry),
    async open(proc, lines) {
      opened.set(proc, lines);
      const joiner = joinerOf(joiners, proc);
      for (const { stream, text } of lines) add('open', proc, stream, joiner.pending(stream) + text);
    },
    async end() {
      for (const [proc, lines] of opened) for (const line of lines) push(proc, { ...line, partial: false });
      for (const [proc, joiner] of joiners)
        for (const [stream, line] of joiner.rest()) add('line', proc, stream, line);
      context.out(writer.end(), '');
    },
  };
}

/** The line that changed last and has not ended is drawn below the others. */
function terminalSink(context: Context, hasPrefix: boolean): LogSink {
  const joiners = new Map<Proc, LineJoiner>();
  const opened = new Map<Proc, readonly OpenLine[]>();
  const textOf = (proc: Proc, line: string) => prefixOf(proc, hasPrefix) + safeLine(line);
  const print = (proc: Proc, line: string | undefined) => {
    if (line !== undefined) context.out(textOf(proc, line));
  };
  return {
    async write(proc, entry) {
      context.progress(null);
      print(proc, joinerOf(joiners, proc).push(entry));
    },
    async open(proc, lines) {
      // The one that changed last comes last.
      opened.delete(proc);
      if (lines.length > 0) opened.set(proc, lines);
      const [last] = [...opened].slice(-1);
      context.progress(last === undefined ? null : textOf(last[0], last[1].at(-1)?.text ?? ''));
    },
    async end() {
      context.progress(null);
      for (const [proc, lines] of opened)
        for (const line of lines) print(proc, joinerOf(joiners, proc).push({ ...line, partial: false }));
      for (const [proc, joiner] of joiners) for (const [, line] of joiner.rest()) print(proc, line);
    },
  };
}

/** Writes `rank-<rank>.log` for each proc into a directory, as the procs wrote it. Rejects with what the file system says. */
export async function filesSink(directory: string): Promise<LogSink> {
  await mkdir(directory, { recursive: true });
  const files = new Map<Proc, RankFile>();
  const fileOf = async (proc: Proc) => {
    const handle = files.get(proc)?.handle ?? (await open(join(directory, `rank-${proc.rank}.log`), 'w'));
    const file = files.get(proc) ?? { handle, endedBytes: 0, openBytes: 0 };
    files.set(proc, file);
    return file;
  };
  return {
    async write(proc, { text, partial }) {
      const file = await fileOf(proc);
      const { bytesWritten } = await file.handle.write(partial ? text : `${text}\n`, file.endedBytes);
      file.endedBytes += bytesWritten;
      file.openBytes -= Math.min(file.openBytes, bytesWritten);
    },
    async open(proc, lines) {
      const file = files.get(proc);
      if (lines.length === 0 && (file === undefined || file.openBytes === 0)) return;
      const { handle, endedBytes } = file ?? (await fileOf(proc));
      const text = lines.map((line) => line.text).join('\n');
      const { bytesWritten } = await handle.write(text, endedBytes);
      await handle.truncate(endedBytes + bytesWritten);
      (await fileOf(proc)).openBytes = bytesWritten;
    },
    async end() {
      await Promise.all([...files.values()].map(({ handle }) => handle.close()));
    },
  };
}

/** A file of a proc: so much of it is lines that have ended, and after them what is open now. */
interface RankFile {
  readonly handle: FileHandle;
  endedBytes: number;
  openBytes: number;
}

/** A line is put together up to this length; what is longer comes in pieces. */
const MAX_LINE_CHARS = 65_536;

type Stream = LogEntry['stream'];
type LinePiece = Pick<LogEntry, 'stream' | 'text' | 'partial'>;

/** Puts the entries of one proc together to lines, each stream by itself. */
export class LineJoiner {
  readonly #pending = new Map<Stream, string>();

  /** The line that this entry completes, if it does. */
  push({ stream, text, partial }: LinePiece): string | undefined {
    const line = this.pending(stream) + text;
    if (partial && line.length < MAX_LINE_CHARS) {
      this.#pending.set(stream, line);
      return undefined;
    }
    this.#pending.delete(stream);
    return line;
  }

  /** What there is of a line that nothing has completed yet. */
  pending(stream: Stream): string {
    return this.#pending.get(stream) ?? '';
  }

  /** Lines that nothing has completed. */
  rest(): [Stream, string][] {
    const lines = [...this.#pending];
    this.#pending.clear();
    return lines;
  }
}

function joinerOf(joiners: Map<Proc, LineJoiner>, proc: Proc): LineJoiner {
  const joiner = joiners.get(proc) ?? new LineJoiner();
  joiners.set(proc, joiner);
  return joiner;
}
