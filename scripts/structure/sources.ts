import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/** One TypeScript file of the workspace, and the files of the workspace that it imports by path. */
export interface SourceFile {
  /** From the root of the workspace, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const CODE = /\.(ts|tsx|mjs)$/;
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
  const paths = listed
    .split('\0')
    .filter((path) => CODE.test(path) && !NO_SOURCE.test(path) && existsSync(join(root, path)));
  const known = new Set(paths);
  return paths.map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    return { path, text, imports: importsOf(path, text).filter((target) => known.has(target)) };
  });
}

/** Imports and re-exports by relative path, of values and of types. */
function importsOf(path: string, text: string): string[] {
  const { importedFiles } = ts.preProcessFile(text, true, true);
  return importedFiles.flatMap(({ fileName }) => {
    if (!fileName.startsWith('.')) return [];
    const target = join(dirname(path), fileName);
    // The dashboard is bundled, and leaves the ending out.
    return CODE.test(target) ? [target] : [`${target}.ts`, `${target}.tsx`];
  });
}
