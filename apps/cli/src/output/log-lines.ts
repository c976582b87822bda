import type { LogEntry } from '@hostmesh/contract';

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

/** Output as a terminal may have it: control characters but the tab become `·`, so that it is shown and not obeyed. */
export const safeLine = (text: string): string => text.replaceAll(/(?!\t)\p{Cc}/gu, '·');
