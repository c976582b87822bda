import { isAbsolute, join } from 'node:path';
import { fail, ok, type Result } from '@hostmesh/core';
import { whyNotExecutable, type ProgramFault } from './why-not-executable.ts';
import { whyNotRunnable } from './why-not-runnable.ts';

/** Where a program is looked for. */
export interface ProgramPlace {
  /** Directories with colons between them. */
  readonly path: string;
  /** Whose that is, for people: `the agent's`. */
  readonly pathOf: string;
  /** What relative paths start from; null: they lead nowhere. */
  readonly cwd: string | null;
}

/** The place for a command: its `own` `PATH` counts where it has one. */
export const placeToSearch = (own: string | null, cwd: string | null, agentPath: string): ProgramPlace =>
  own === null
    ? { path: agentPath, pathOf: "the agent's", cwd }
    : { path: own, pathOf: "the command's own", cwd };

/** Longer ones are told in part. */
const MAX_TOLD = 500;

/**
 * The very file that is started for a program: a path as it is, a name from the first directory that has it. A fault says
 * why the kernel would not run exactly that file. Starts nothing.
 */
export function findProgram(program: string, place: ProgramPlace): Result<string, ProgramFault> {
  const file = locateProgram(program, place);
  if (!file.ok) return file;
  const fault = whyNotRunnable(file.value, place.cwd, (name) => locateProgram(name, place));
  return fault === null ? file : fail(fault);
}

/** The first file of that name that may be executed, whatever is in it. */
export function locateProgram(
  program: string,
  { path, pathOf, cwd }: ProgramPlace,
): Result<string, ProgramFault> {
  const isName = !program.includes('/');
  const dirs = isName ? path.split(':') : [''];
  const files = dirs.flatMap((dir) => fileIn(dir, program, cwd));
  const looks = files.map((file) => [file, whyNotExecutable(file)] as const);
  const [found] = looks.find(([, fault]) => fault === null) ?? [];
  if (found !== undefined) return ok(found);
  const [, near] =
    looks.find(([, fault]) => fault?.code === 'not_executable') ?? looks.find(() => !isName) ?? [];
  if (near !== undefined && near !== null) return fail(near);
  const told = path.length > MAX_TOLD ? `${path.slice(0, MAX_TOLD)}…` : path;
  const where = isName
    ? ` in PATH=${told} (${pathOf})`
    : ': a path must be absolute, or the command has to say in which directory it starts (cwd)';
  return fail({ code: 'not_found', message: `no program '${program}' on this host${where}` });
}

/** A path as the kernel would take it once it is in `cwd`; none where that cannot be said. */
function fileIn(dir: string, program: string, cwd: string | null): string[] {
  const file = join(dir, program);
  if (isAbsolute(file)) return [file];
  return cwd === null ? [] : [join(cwd, file)];
}
