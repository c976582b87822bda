import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';

export type ProgramFault = Fault<'no_program' | 'not_executable'>;

/**
 * The file of a program: an absolute path as it is, a name from the directories of `path`, first match. Looks at file
 * attributes alone.
 */
export function findProgram(program: string, path: string): Result<string, ProgramFault> {
  const isName = !program.includes('/');
  const candidates = isName
    ? path.split(':').flatMap((dir) => (isAbsolute(dir) ? [join(dir, program)] : []))
    : isAbsolute(program)
      ? [program]
      : [];
  const found = candidates.map((file) => [file, kindOf(file)] as const);
  const executable = found.find(([, kind]) => kind === 'executable');
  if (executable !== undefined) return ok(executable[0]);
  const there = found.find(([, kind]) => kind === 'there');
  if (there !== undefined)
    return fail({ code: 'not_executable', message: `'${there[0]}' cannot be executed` });
  const hint = !isName && candidates.length === 0 ? ': a path must be absolute' : '';
  return fail({ code: 'no_program', message: `no program '${program}' on this host${hint}` });
}

function kindOf(file: string): 'executable' | 'there' | 'none' {
  try {
    if (!statSync(file).isFile()) return 'there';
  } catch {
    return 'none';
  }
  try {
    accessSync(file, constants.X_OK);
    return 'executable';
  } catch {
    return 'there';
  }
}
