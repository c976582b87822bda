/** What the first line of a script asks the kernel for. */
export type ScriptLine =
  | { readonly kind: 'interpreter'; readonly file: string; readonly argument: string }
  /** `#!` with nothing behind it. */
  | { readonly kind: 'empty' }
  /** Longer than the kernel reads, so that it would take a part of the name. */
  | { readonly kind: 'too_long' };

/** The kernel looks at so much of a file. */
export const SCRIPT_HEAD_BYTES = 256;

/** Reads a first line as the kernel does (`fs/binfmt_script.c`); null when the file does not begin with `#!`. */
export function parseScriptLine(head: Buffer): ScriptLine | null {
  if (head.toString('latin1', 0, 2) !== '#!') return null;
  const seen = head.subarray(2, SCRIPT_HEAD_BYTES).toString('utf8');
  const end = /[\n\0]/.exec(seen)?.index;
  const line = (end === undefined ? seen : seen.slice(0, end)).replace(/^[ \t]+/, '');
  const [file = ''] = /^[^ \t]*/.exec(line) ?? [];
  if (file === '') return { kind: 'empty' };
  if (end === undefined && head.length >= SCRIPT_HEAD_BYTES && file.length === line.length)
    return { kind: 'too_long' };
  return { kind: 'interpreter', file, argument: line.slice(file.length).replace(/^[ \t]+|[ \t]+$/g, '') };
}

/**
 * The program that `env` looks up for a script, from the one argument that the kernel gives it; null where that cannot be
 * told by looking: options, or a text that `env` itself takes apart.
 */
export function programOfEnv(argument: string): string | null {
  const split = /^(?:-\w*S|--split-string=)\s*(.*)$/.exec(argument)?.[1];
  if (split === undefined) return argument === '' || /^-|=/.test(argument) ? null : argument;
  if (/["'\\$#]/.test(split)) return null;
  const words = split.split(/[ \t]+/);
  const [word = ''] = words.filter((each) => !each.includes('='));
  return word === '' ||
    words.some((each) => each.startsWith('-') && words.indexOf(each) < words.indexOf(word)) ||
    word.startsWith('-')
    ? null
    : word;
}
