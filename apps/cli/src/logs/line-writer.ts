/**
 * Lines of several writers as one text that can only be added to. One line at a time stands open at its end and goes on in
 * place; one that has to make way for another ends there, and what comes of it later has a line of its own. A line that is
 * written anew while it stands open is preceded by a carriage return, as the program itself would have it.
 */
export class LineWriter {
  /** Whose line the text ends in; null at the start of a line. */
  #standing: string | null = null;
  /** What has been written of lines that have not ended, by whose they are. */
  readonly #told = new Map<string, string>();

  /** What to add now that so much of a line has been written, which has not ended. */
  open(key: string, prefix: string, text: string): string {
    const told = this.#told.get(key);
    const hasMadeWay = told !== undefined && this.#standing !== key;
    // Lines that take turns in making way for each other would be many: such a one waits for its end, or for a free place.
    if (hasMadeWay && (this.#standing !== null || !text.startsWith(told))) return '';
    if (text === (told ?? '')) return '';
    this.#told.set(key, text);
    if (this.#standing === key) return goneOn(told ?? '', prefix, text);
    const begin = this.end();
    this.#standing = key;
    return begin + prefix + text.slice(told?.length ?? 0);
  }

  /** What to add now that a line has ended. */
  line(key: string, prefix: string, text: string): string {
    const told = this.#told.get(key) ?? '';
    this.#told.delete(key);
    if (this.#standing === key) {
      this.#standing = null;
      return `${goneOn(told, prefix, text)}\n`;
    }
    const rest = text.startsWith(told) ? text.slice(told.length) : text;
    return told !== '' && rest === '' ? '' : `${this.end()}${prefix}${rest}\n`;
  }

  /** What to add where nothing more comes, or something else does. */
  end(): string {
    if (this.#standing === null) return '';
    this.#standing = null;
    return '\n';
  }
}

const goneOn = (told: string, prefix: string, text: string): string =>
  text.startsWith(told) ? text.slice(told.length) : `\r${prefix}${text}`;
