import { isTest, type SourceFile } from './sources.ts';

/** An edge of the graph of folders: `from` imports `to`, for instance in the file `by`. */
interface Edge {
  readonly from: string;
  readonly to: string;
  readonly by: string;
  readonly target: string;
}

/**
 * What breaks the rule that folders import downwards only, one sentence each: an import upwards with the way back that makes
 * it a knot, a folder that no ladder names, and a name in a ladder that no folder has.
 */
export function checkLadders(
  sources: readonly SourceFile[],
  ladders: Readonly<Record<string, readonly string[]>>,
): string[] {
  return Object.entries(ladders).flatMap(([place, ladder]) => checkLadder(sources, place, ladder));
}

/** The ladders as rows of a table in Markdown: what a newcomer reads in docs/architecture.md. */
export const printLadders = (ladders: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(ladders)
    .map(([place, ladder]) => `| \`${place}\` | ${ladder.join(' · ')} |`)
    .join('\n');

function checkLadder(sources: readonly SourceFile[], place: string, ladder: readonly string[]): string[] {
  const own = sources.filter(({ path }) => path.startsWith(`${place}/`) && !isTest(path));
  const edges = own.flatMap((file) => edgesOf(file, place));
  const folders = new Set(own.map(({ path }) => folderOf(path, place)));
  return [
    ...[...folders]
      .filter((folder) => !ladder.includes(folder))
      .map((folder) => `${place}: ${folder} is in no line of its ladder`),
    ...ladder
      .filter((folder) => !folders.has(folder))
      .map((folder) => `${place}: the ladder names ${folder}, which is not there`),
    ...edges
      .filter(({ from, to }) => isUpwards(ladder, from, to))
      .map((edge) => `${place}: ${edge.by} imports upwards, from ${edge.target}${knot(edges, edge)}`),
  ];
}

const isUpwards = (ladder: readonly string[], from: string, to: string): boolean =>
  to === 'testing' || (ladder.includes(from) && ladder.indexOf(from) < ladder.indexOf(to));

/** The first folder below `place`; of a file that lies directly in it, its name without the ending. */
function folderOf(path: string, place: string): string {
  const [first = ''] = path.slice(place.length + 1).split('/');
  return first.replace(/\.[a-z]+$/, '');
}

function edgesOf({ path, imports }: SourceFile, place: string): Edge[] {
  const from = folderOf(path, place);
  return imports
    .filter((target) => target.startsWith(`${place}/`))
    .map((target) => ({ from, to: folderOf(target, place), by: path, target }))
    .filter(({ to }) => to !== from);
}

/** The shortest way back from where an edge leads to where it begins, printed; empty when there is none. */
function knot(edges: readonly Edge[], { from, to }: Edge): string {
  const ways: string[][] = [[to]];
  const seen = new Set([to]);
  for (const way of ways) {
    for (const edge of edges.filter((candidate) => candidate.from === way.at(-1))) {
      if (edge.to === from) return `; knot: ${[from, ...way, from].join(' → ')}`;
      if (!seen.has(edge.to)) ways.push([...way, edge.to]);
      seen.add(edge.to);
    }
  }
  return '';
}
