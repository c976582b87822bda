import { isAbsolute } from 'node:path';
import { findProgram } from './programs.ts';

/** Programs that an agent may start: names, absolute paths, or `*` for all. */
export type AllowList = readonly string[];

/**
 * Whether the list has a program: as it is written, or as the file that a name stands for on `path`. It keeps honest
 * clients from mistakes and strangers from arbitrary commands; a program that runs others allows them all.
 */
export function isAllowed(list: AllowList, program: string, path: string): boolean {
  if (list.includes('*') || list.includes(program)) return true;
  const file = fileOf(program, path);
  return file !== null && list.some((entry) => fileOf(entry, path) === file);
}

const fileOf = (program: string, path: string): string | null => {
  if (isAbsolute(program)) return program;
  const found = findProgram(program, path);
  return found.ok ? found.value : null;
};
