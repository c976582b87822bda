import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogEntry, OpenLine, Proc } from '@hostmesh/contract';
import type { Context } from '../context.ts';
import { safeLine } from '../output/table.ts';

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
 * On a terminal the line that changed last and has not ended is drawn below, elsewhere it is printed when it has, or at the end.
 */
export function printingSink(context: Context, hasPrefix: boolean): LogSink {
  const joiners = new Map<Proc, LineJoiner>();
  const opened = new Map<Proc, readonly OpenLine[]>();
  const joinerOf = (proc: Proc) => {
    const joiner = joiners.get(proc) ?? new LineJoiner();
    joiners.set(proc, joiner);
    return joiner;
  };
  const textOf = ({ rank }: Proc, line: string) => {
    const text = context.isTerminal ? safeLine(line) : line;
    return hasPrefix ? `[${rank}] ${text}` : text;
  };
  const print = (proc: Proc, line: string | undefined) => {
    if (line !== undefined) context.out(textOf(proc, line));
  };
  return {
    async write(proc, entry) {
      if (context.json) return context.out(JSON.stringify({ procId: proc.id, rank: proc.rank, ...entry }));
      context.progress(null);
      print(proc, joinerOf(proc).push(entry));
    },
    async open(proc, lines) {
      if (context.json) {
        for (const line of lines)
          context.out(JSON.stringify({ procId: proc.id, rank: proc.rank, open: true, ...line }));
        return;
      }
      // The one that changed last comes last.
      opened.delete(proc);
      if (lines.length > 0) opened.set(proc, lines);
      const [last] = [...opened].slice(-1);
      context.progress(last === undefined ? null : textOf(last[0], safeLine(last[1].at(-1)?.text ?? '')));
    },
    async end() {
      context.progress(null);
      for (const [proc, lines] of opened)
        for (const line of lines) print(proc, joinerOf(proc).push({ ...line, partial: false }));
      for (const [proc, joiner] of joiners) for (const line of joiner.rest()) print(proc, line);
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

/** Puts the entries of one proc together to lines, each stream by itself. */
export class LineJoiner {
  readonly #pending = new Map<LogEntry['stream'], string>();

  /** The line that this entry completes, if it does. */
  push({ stream, text, partial }: Pick<LogEntry, 'stream' | 'text' | 'partial'>): string | undefined {
    const line = (this.#pending.get(stream) ?? '') + text;
    if (partial && line.length < MAX_LINE_CHARS) {
      this.#pending.set(stream, line);
      return undefined;
    }
    this.#pending.delete(stream);
    return line;
  }

  /** Lines that nothing has completed. */
  rest(): string[] {
    const lines = [...this.#pending.values()];
    this.#pending.clear();
    return lines;
  }
}
