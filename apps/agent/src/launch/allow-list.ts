import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import type { Fault } from '@hostmesh/core';
import { locateProgram, type ProgramPlace } from './find-program.ts';

/** Programs that an agent may start: names, absolute paths, or `*` for all. */
export type AllowList = readonly string[];

/** Whether every program may be started. */
export const allowsAll = (list: AllowList): boolean => list.includes('*');

/**
 * The file on the list that a program stands for; null when it stands for none. An entry is a file, too: its path, or what
 * its name stands for on the `PATH` of the agent, whatever a command says of its own. Links are followed on both sides; a
 * file that is many programs by its links (busybox) counts under the names that are listed alone. What is started is the file
 * as it is listed: so it has its own name, and nobody can put another one where a link was when it was judged.
 */
export function listedFile(
  list: AllowList,
  program: string,
  place: ProgramPlace,
  agentPath: string,
): string | null {
  const file = fileOf(program, place);
  // What is not there cannot be started, and is told as such to whoever named it as the list does.
  if (file === null) return list.includes(program) ? program : null;
  const real = realOf(file);
  const files = list.flatMap((entry) => fileOf(entry, { path: agentPath, pathOf: '', cwd: null }) ?? []);
  const found = files.find(
    (listed) =>
      realOf(listed) === real && (basename(listed) === basename(file) || basename(listed) === basename(real)),
  );
  return found ?? null;
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
    return realpathSync.native(file);
  } catch {
    return file;
  }
}
