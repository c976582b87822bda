import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { ProcBind } from '@hostmesh/protocol';
import { findProgram } from './find-program.ts';

/** Where the tools are that bind processes; null where they are not. */
export interface BindTools {
  readonly numactl: string | null;
  readonly taskset: string | null;
}

/** The tools of this host that bind processes. */
export function findBindTools(path: string): BindTools {
  return { numactl: findTool('numactl', path), taskset: findTool('taskset', path) };
}

function findTool(name: string, path: string): string | null {
  const found = findProgram(name, { path, pathOf: "the agent's", cwd: null });
  return found.ok ? found.value : null;
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
  const file = findTool('setpriv', path);
  if (file === null) return null;
  try {
    const args = ['--pdeathsig', 'KILL', '--', '/bin/sh', '-c', ':'];
    await promisify(execFile)(file, args, { timeout: PROBE_MS, env: {} });
    return file;
  } catch {
    return null;
  }
}
