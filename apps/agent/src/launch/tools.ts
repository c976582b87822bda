import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { BindTools } from './bind.ts';
import { findProgram } from './find-program.ts';

const PROBE_MS = 5_000;

/** The tools of this host that bind processes. */
export function findBindTools(path: string): BindTools {
  const find = (name: string) => {
    const found = findProgram(name, path);
    return found.ok ? found.value : null;
  };
  return { numactl: find('numactl'), taskset: find('taskset') };
}

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
