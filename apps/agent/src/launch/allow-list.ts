import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import type { Fault } from '@hostmesh/core';
import { locateProgram, type ProgramPlace } from './find-program.ts';

/** Programs that an agent may start: names, absolute paths, or `*` for all. */
export type AllowList = readonly string[];

/**
 * Whether the list has the very file that a program stands for. An entry is a file, too: its path, or what its name
 * stands for on the `PATH` of the agent, whatever a command says of its own. Links are followed on both sides; a file
 * that is many programs by its links (busybox) counts under the names that are listed alone. The list keeps honest
 * clients from mistakes and strangers from arbitrary commands; a program that runs others allows them all.
 */
export function isAllowed(list: AllowList, program: string, place: ProgramPlace, agentPath: string): boolean {
  if (list.includes('*')) return true;
  const file = fileOf(program, place);
  // What is not there cannot be started, and is told as such to whoever named it as the list does.
  if (file === null) return list.includes(program);
  const real = realOf(file);
  return list.some((entry) => {
    const listed = fileOf(entry, { path: agentPath, pathOf: '', cwd: null });
    if (listed === null || realOf(listed) !== real) return false;
    return basename(listed) === basename(file) || basename(listed) === basename(real);
  });
}

/** What is said of a program that a list does not have. */
export function notOnList(list: AllowList, program: string): Fault<'program_refused'> {
  const has = list.length === 0 ? 'which is empty' : `which has ${list.join(', ')}`;
  const message = `program '${program}' is not on the allow-list of this host, ${has} (--allow)`;
  return { code: 'program_refused', message: message.slice(0, 2000) };
}

const fileOf = (program: string, place: ProgramPlace): string | null => {
  const found = locateProgram(program, place);
  return found.ok ? found.value : null;
};

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
