/** What is written in brackets as other tools have it, in our form; undefined for what is not known to be theirs. */
export function hintOfRange(text: string): string | undefined {
  const [, from, to, step] = /^\s*(\d+)\s*(?:-|\.\.|:)\s*(\d+)\s*(?::|\.\.)\s*(\d+)\s*$/.exec(text) ?? [];
  if (from !== undefined) return `a step is written [${from}-${to}/${step}]`;
  const [, first, last] = /^\s*(\d+)\s*(?:\.\.\.?|:)\s*(\d+)\s*$/.exec(text) ?? [];
  return first === undefined ? undefined : `a range is written [${first}-${last}]`;
}

/** Syntax of host lists of other tools, by what gives it away, and how the same is written here. */
const foreign: readonly (readonly [RegExp, string])[] = [
  [/\{[^}]*\.\.[^}]*\}/, 'a range is written in brackets, as in tcp:node[1-3]:26600, not {1..3}'],
  [/\{/, 'alternatives are written one by one, separated by commas, and ranges as in tcp:node[1-3]:26600'],
  [/^@|@[\w*-]+$/, 'groups of other tools (@group) are not known here: write their hosts'],
  [/^-/, 'hosts are not taken out with -: leave them out, or write the ranges without them, as in [1-3,5]'],
  [/[*?]/, 'wildcards are not known here: write a range, as in tcp:node[1-3]:26600'],
  [/[!&^]/, 'sets are not combined with !, & or ^: write the hosts themselves, separated by commas'],
  [/%[su]/, 'a range is written in the name, as in tcp:node[1-3]:26600, without %s'],
];

/** How an entry in the syntax of another tool is written here; undefined for one that is not. */
export const hintOfEntry = (text: string): string | undefined =>
  text.includes('://') || text.startsWith('unix:')
    ? undefined
    : foreign.find(([sign]) => sign.test(text))?.[1];
