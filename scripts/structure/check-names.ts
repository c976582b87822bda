import { basename } from 'node:path';
import { isTest, type SourceFile } from './sources.ts';

/** Names that frameworks and tools ask for, and that therefore occur as often as they have to. */
const GIVEN_FILES = /^(index|main|page|layout|error|not-found)\.tsx?$|\.config\.m?ts$/;
const GIVEN_EXPORTS = new Set(['metadata', 'viewport', 'config']);
const DECLARED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;

/**
 * Names that mean two things, one sentence each: a base name of files that occurs three times or more, and an exported name
 * that is declared in several files. `shared` lists names that are declared twice with one meaning, with the reason.
 */
export function checkNames(
  sources: readonly SourceFile[],
  shared: Readonly<Record<string, string>>,
): string[] {
  const files = group(sources, ({ path }) => [basename(path)].filter((name) => !GIVEN_FILES.test(name)));
  const names = group(
    sources.filter(({ path }) => !/\.(test|e2e)\.tsx?$/.test(path)),
    ({ text }) =>
      [...new Set([...text.matchAll(DECLARED)].map(([, name = '']) => name))].filter(
        (name) => !GIVEN_EXPORTS.has(name),
      ),
  );
  return [
    ...several(files, 3).map(
      ([name, paths]) => `${name} is the name of ${paths.length} files: ${paths.join(', ')}`,
    ),
    ...several(names, 2)
      .filter(([name]) => shared[name] === undefined)
      .map(([name, paths]) => `${name} is declared in ${paths.length} files: ${paths.join(', ')}`),
    ...Object.keys(shared)
      .filter((name) => (names.get(name)?.length ?? 0) < 2)
      .map((name) => `${name} is listed as declared twice, and is not`),
  ];
}

/** How many files of the product may be shorter than `SHORT_LINES`. */
const SHORT_FILES = 20;
const SHORT_LINES = 15;

/** Whether there are too many files that are hardly worth their name; tests are not counted. */
export function checkSizes(sources: readonly SourceFile[]): string[] {
  const short = sources.filter(
    ({ path, text }) => !isTest(path) && text.split('\n').length - 1 < SHORT_LINES,
  );
  if (short.length <= SHORT_FILES) return [];
  const paths = short.map(({ path }) => path);
  return [
    `${short.length} files have fewer than ${SHORT_LINES} lines, ${SHORT_FILES} may: ${paths.join(', ')}`,
  ];
}

function group(
  sources: readonly SourceFile[],
  keysOf: (file: SourceFile) => readonly string[],
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const file of sources) {
    for (const key of keysOf(file)) groups.set(key, [...(groups.get(key) ?? []), file.path]);
  }
  return groups;
}

const several = (groups: ReadonlyMap<string, readonly string[]>, least: number) =>
  [...groups].filter(([, paths]) => paths.length >= least).toSorted(([a], [b]) => (a < b ? -1 : 1));
