import { fail, ok, type Fault, type Result } from '@hostmesh/core';

/**
 * Splits a command line into its arguments, as a shell quotes them: blanks separate, `'…'` is taken as it is, `"…"`
 * and text outside know `\` before the next character. Nothing else has a meaning: no variables, globs or pipes.
 */
export function splitCommandLine(line: string): Result<readonly string[], Fault<'open_quote'>> {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at] ?? '';
    if (quote === "'") {
      if (char === "'") quote = null;
      else word = (word ?? '') + char;
    } else if (char === '\\' && at + 1 < line.length) {
      at += 1;
      const next = line[at] ?? '';
      // Within double quotes a backslash quotes only `"`, `\`, `$` and a backtick; before a line break it joins the lines.
      if (next !== '\n') word = (word ?? '') + (quote === '"' && !/["\\$`]/.test(next) ? `\\${next}` : next);
    } else if (char === quote) quote = null;
    else if (quote === null && (char === '"' || char === "'")) {
      quote = char;
      word ??= '';
    } else if (quote === null && /\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (quote !== null)
    return fail({ code: 'open_quote', message: `A quote ${quote} is opened and not closed.` });
  if (word !== null) words.push(word);
  return ok(words);
}

/** One argument so that a shell, and `splitCommandLine`, reads it back as it is. */
export const quoteArgument = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A command as one line that reads back to the same arguments. */
export const printCommand = (program: string, args: readonly string[]): string =>
  [program, ...args].map(quoteArgument).join(' ');
