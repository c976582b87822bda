import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** One TypeScript file of the workspace, and the files of the workspace that it imports by path. */
export interface SourceFile {
  /** From the root of the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const CODE = /\.(ts|tsx|mjs)$/;
/** Imports and re-exports by relative path, of values and of types. */
const IMPORTED = /\b(?:from|import)\s*\(?'(\.[^']+)'/g;
const NO_SOURCE = /(^|\/)(generated|node_modules|\.next)\/|\.d\.ts$/;

/** Tests and what only tests use: `x.test.ts`, stories, and everything in a folder `testing`. */
export const isTest = (path: string): boolean =>
  /\.(test|e2e|image)\.tsx?$|(^|\/)testing(\/|\.ts$)|^e2e\//.test(path);

/** All TypeScript files of the workspace that git does not ignore, committed or not. */
export function readSources(root: string): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
  });
  // A file that is being merged is listed more than once.
  const paths = [...new Set(listed.split('\0'))].filter(
    (path) => CODE.test(path) && !NO_SOURCE.test(path) && existsSync(join(root, path)),
  );
  const known = new Set(paths);
  return paths.map((path) => sourceFile(path, readFileSync(join(root, path), 'utf8'), known));
}

/** A file of the workspace with such a text; `known` holds the paths of all files that it can import. */
export const sourceFile = (path: string, text: string, known: ReadonlySet<string>): SourceFile => ({
  path,
  text,
  imports: importsOf(path, text).filter((target) => known.has(target)),
});

function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(IMPORTED)].flatMap(([, specifier = '']) => {
    const target = join(dirname(path), specifier);
    // The dashboard is bundled, and leaves the ending out.
    return CODE.test(target) ? [target] : [`${target}.ts`, `${target}.tsx`];
  });
}
