import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { ProcBind } from '@hostmesh/protocol';

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

/** Where the tools are that bind processes; null where they are not. */
export interface BindTools {
  readonly numactl: string | null;
  readonly taskset: string | null;
}

/** The tools of this host that bind processes. */
export function findBindTools(path: string): BindTools {
  const find = (name: string) => {
    const found = findProgram(name, path);
    return found.ok ? found.value : null;
  };
  return { numactl: find('numactl'), taskset: find('taskset') };
}

/** The command to put in front of a program so that it runs where it should (Reference 9.4); nothing for no binding. */
export function bindPrefix(
  bind: ProcBind | null,
  tools: BindTools,
): Result<string[], Fault<'bind_unavailable'>> {
  if (bind === null) return ok([]);
  const { cpunodebind, membind, physcpubind, cpus } = bind;
  const byNode = Object.entries({ cpunodebind, membind, physcpubind }).flatMap(([name, value]) =>
    value === null ? [] : [`--${name}=${value}`],
  );
  if (byNode.length === 0 && cpus === null) return ok([]);
  if (tools.numactl !== null && byNode.length > 0) return ok([tools.numactl, ...byNode, '--']);
  // Without numactl, the reference falls back to the CPUs that were given beside.
  if (tools.taskset !== null && cpus !== null) return ok([tools.taskset, '--cpu-list', '--', cpus]);
  if (tools.numactl !== null) return ok([tools.numactl, `--physcpubind=${cpus}`, '--']);
  const missing =
    cpus === null ? 'no numactl, and no cpus are given for taskset instead' : 'neither taskset nor numactl';
  return fail({ code: 'bind_unavailable', message: `this host has ${missing}` });
}

const PROBE_MS = 5_000;

/** Where `setpriv` is, if it can set the parent-death signal: that of BusyBox, and old ones, cannot. */
export async function findSetpriv(path: string): Promise<string | null> {
  const found = findProgram('setpriv', path);
  if (!found.ok) return null;
  try {
    const args = ['--pdeathsig', 'KILL', '--', '/bin/sh', '-c', ':'];
    await promisify(execFile)(found.value, args, { timeout: PROBE_MS, env: {} });
    return found.value;
  } catch {
    return null;
  }
}
