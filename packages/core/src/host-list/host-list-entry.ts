/** One host or range as typed, and the line it is on, counted from 1. */
export interface HostListEntry {
  readonly line: number;
  readonly text: string;
}

/** Splits a line at the commas outside brackets; those inside belong to a range. */
function splitLine(line: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let inBracket = false;
  for (let at = 0; at < line.length; at += 1) {
    const char = line.charAt(at);
    if (char === '[') inBracket = true;
    if (char === ']') inBracket = false;
    if (char !== ',' || inBracket) continue;
    parts.push(line.slice(start, at));
    start = at + 1;
  }
  return [...parts, line.slice(start)];
}

/**
 * The entries of a host list without comments and empty places. A list of strings has one line per string; a line
 * end inside one is left in place, where it is refused as a blank.
 */
export function splitEntries(input: string | readonly string[]): HostListEntry[] {
  const lines = typeof input === 'string' ? input.split(/\r\n|\r|\n/) : input;
  return lines.flatMap((line, index) =>
    splitLine(line.replace(/#[^\r\n]*/g, ''))
      .map((text) => ({ line: index + 1, text: text.trim() }))
      .filter((entry) => entry.text !== ''),
  );
}
