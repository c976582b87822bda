import { realpathSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { fail, isOwnVariable, ok, type CommandRefusal, type Fault, type Result } from '@hostmesh/core';
import type { ProcCommand } from '@hostmesh/protocol';
import { allowsAll, listedFile, notOnList, type AllowList } from './allow-list.ts';
import { placeToSearch } from './find-program.ts';

/**
 * What clients may start on a host. A list of programs is worth something only together with the rest: a variable or a
 * directory can make an allowed program run other code. So while not every program is allowed, nothing else is either
 * unless it is listed.
 */
export interface AllowRules {
  readonly programs: AllowList;
  /** Names of variables that a command may set; `*` stands for any characters. */
  readonly env: readonly string[];
  /** Directories that a command may start in, with all that is below them; `*`: anywhere. */
  readonly cwd: readonly string[];
}

/** What of a command decides which code runs. Its arguments are not judged: they are the program's own business. */
export interface JudgedCommand {
  readonly program: string;
  readonly arg0: string | null;
  readonly envNames: readonly string[];
  /** Its own `PATH`. */
  readonly path: string | null;
  readonly cwd: string | null;
}

/** What of a proc's command is judged. */
export const judgedOf = ({ program, arg0, env, cwd }: ProcCommand): JudgedCommand => ({
  program,
  arg0,
  envNames: Object.keys(env),
  path: env['PATH'] ?? null,
  cwd,
});

/** A command that is allowed. */
interface AllowedCommand {
  /** What is to be started in place of its program: the file on the list. */
  readonly program: string;
  /** Where, when it says so: without links on the way to it, since these may be others by the time it starts. */
  readonly cwd: string | undefined;
}

/**
 * Judges a command before anything is started of it. `home` is the directory that it starts in when it names none, where
 * there is one already.
 */
export function judgeCommand(
  { programs, env, cwd: dirs }: AllowRules,
  { program, arg0, envNames, path, cwd }: JudgedCommand,
  agentPath: string,
  home: string | null,
): Result<AllowedCommand, Fault<CommandRefusal>> {
  if (allowsAll(programs)) return ok({ program, cwd: cwd ?? undefined });
  const refusedNames = envNames.filter((name) => !isOwnVariable(name) && !matchesAny(env, name));
  if (refusedNames.length > 0) return fail(namesRefused(env, refusedNames));
  const realCwd = cwd === null ? null : directoryUnder(dirs, cwd);
  if (cwd !== null && realCwd === null) return fail(directoryRefused(dirs, cwd));
  const listed = listedFile(programs, program, placeToSearch(path, realCwd ?? home, agentPath), agentPath);
  if (listed === null) return fail(notOnList(programs, program));
  if (arg0 !== null && arg0 !== listed && arg0 !== basename(listed)) {
    return fail({
      code: 'arg0_refused',
      message:
        `arg0 '${shown(arg0)}' is not the name of '${shown(listed)}', and some programs do something else under another ` +
        'name: leave it out on a host with an allow-list (--allow)',
    });
  }
  return ok({ program: listed, cwd: realCwd ?? undefined });
}

/** Whether a name is one of those that the patterns stand for. What has a `=` in it is no name, but one with a value. */
function matchesAny(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/\W/g, '\\$&'));
    return new RegExp(`^${parts.join('[^=\\0]*')}$`, 's').test(name);
  });
}

/** The directory without links, when it is one of these or below one; null when it is not. */
function directoryUnder(dirs: readonly string[], cwd: string): string | null {
  const real = realOf(cwd);
  const isUnder = dirs.some((dir) => dir === '*' || isWithin(realOf(dir), real));
  return isUnder ? real : null;
}

const isWithin = (dir: string, path: string): boolean => {
  const way = relative(dir, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

/** As the kernel reads it. What is not there has no links; nothing can be started in it either. */
function realOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}

const MAX_SHOWN = 200;
const MAX_NAMES = 5;
const shown = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
const listOf = (texts: readonly string[]): string => (texts.length === 0 ? 'none' : shown(texts.join(', ')));

function namesRefused(patterns: readonly string[], names: readonly string[]): Fault<'env_refused'> {
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  const named = `${names.slice(0, MAX_NAMES).map(shown).join(', ')}${more}`;
  const message =
    `this host does not let commands set ${named}: a variable can make an allowed program run other code; ` +
    `those that may be set: ${listOf(patterns)} (--allow-env)`;
  return { code: 'env_refused', message };
}

const directoryRefused = (dirs: readonly string[], cwd: string): Fault<'cwd_refused'> => ({
  code: 'cwd_refused',
  message:
    `this host does not let commands start in '${shown(cwd)}': a directory can make an allowed program run other code; ` +
    `those that they may start in: ${listOf(dirs)} (--allow-cwd)`,
});
