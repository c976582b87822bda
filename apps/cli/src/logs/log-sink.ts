import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogEntry, Proc } from '@hostmesh/contract';
import type { Context } from '../context.ts';
import { safeLine } from '../output/table.ts';

/** Where the output of procs goes. */
export interface LogSink {
  /** Resolves when more can be taken. */
  write(proc: Proc, entry: LogEntry): Promise<void>;
  /** What is left of lines that were never completed, and whatever has to be closed. */
  end(): Promise<void>;
}

/** Prints lines, with the rank before each unless they are all of one proc; JSON prints an entry per line. */
export function printingSink(context: Context, hasPrefix: boolean): LogSink {
  const joiners = new Map<Proc, LineJoiner>();
  const print = ({ rank }: Proc, line: string) => {
    const text = context.isTerminal ? safeLine(line) : line;
    context.out(hasPrefix ? `[${rank}] ${text}` : text);
  };
  return {
    async write(proc, entry) {
      if (context.json) return context.out(JSON.stringify({ procId: proc.id, rank: proc.rank, ...entry }));
      const joiner = joiners.get(proc) ?? new LineJoiner();
      joiners.set(proc, joiner);
      const line = joiner.push(entry);
      if (line !== undefined) print(proc, line);
    },
    async end() {
      for (const [proc, joiner] of joiners) for (const line of joiner.rest()) print(proc, line);
    },
  };
}

/** Writes `rank-<rank>.log` for each proc into a directory, as the procs wrote it. Rejects with what the file system says. */
export async function filesSink(directory: string): Promise<LogSink> {
  await mkdir(directory, { recursive: true });
  const files = new Map<Proc, FileHandle>();
  return {
    async write(proc, { text, partial }) {
      const file = files.get(proc) ?? (await open(join(directory, `rank-${proc.rank}.log`), 'w'));
      files.set(proc, file);
      await file.appendFile(partial ? text : `${text}\n`);
    },
    async end() {
      await Promise.all([...files.values()].map((file) => file.close()));
    },
  };
}

/** A line is put together up to this length; what is longer comes in pieces. */
const MAX_LINE_CHARS = 65_536;

/** Puts the entries of one proc together to lines, each stream by itself. */
export class LineJoiner {
  readonly #pending = new Map<LogEntry['stream'], string>();

  /** The line that this entry completes, if it does. */
  push({ stream, text, partial }: LogEntry): string | undefined {
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
