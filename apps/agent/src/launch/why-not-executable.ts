import {
  accessSync,
  constants,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Fault } from '@hostmesh/core';

/** Why no process can be made of exactly the file that was asked for; another try would not change it. */
export type ProgramFault = Fault<'not_found' | 'not_executable' | 'exec_format' | 'interpreter_missing'>;

/** Why a file may not be executed by this user; null when it may. */
export function whyNotExecutable(file: string): ProgramFault | null {
  const refuse = (why: string): ProgramFault => ({ code: 'not_executable', message: `'${file}' ${why}` });
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) return refuse('is a directory');
    if (!stats.isFile()) return refuse('is no regular file');
    accessSync(file, constants.X_OK);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ELOOP') return refuse('is a link that leads in a circle');
    if (!['EACCES', 'ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(code))
      return refuse(`cannot be looked at (${code})`);
    if (code !== 'EACCES')
      return { code: 'not_found', message: `no program '${file}' on this host${whereLinked(file)}` };
    const dir = closedDirectory(file);
    if (dir !== null) return refuse(`cannot be executed: the agent's user may not enter ${dir}`);
    if (isMountedNoexec(file))
      return refuse('cannot be executed: it is on a file system that is mounted noexec');
    return refuse("cannot be executed by the agent's user: see its permissions (chmod +x)");
  }
}

/** Where a link leads that leads nowhere. */
function whereLinked(file: string): string {
  try {
    return lstatSync(file).isSymbolicLink()
      ? `: it is a link to '${readlinkSync(file)}', which is not there`
      : '';
  } catch {
    return '';
  }
}

/** The first directory on the way to a file that this user may not enter. */
function closedDirectory(file: string): string | null {
  const parents: string[] = [];
  for (let dir = dirname(file); !parents.includes(dir); dir = dirname(dir)) parents.unshift(dir);
  return (
    parents.find((dir) => {
      try {
        accessSync(dir, constants.X_OK);
        return false;
      } catch {
        return true;
      }
    }) ?? null
  );
}

function isMountedNoexec(file: string): boolean {
  try {
    const real = realpathSync(file);
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .flatMap((line) => {
        const [, , , , dir = '', options = ''] = line.split(' ');
        return dir !== '' && `${real}/`.startsWith(dir === '/' ? dir : `${dir}/`) ? [{ dir, options }] : [];
      });
    // A later line with the same directory is mounted over the one before.
    const mount = mounts.reduce((best, each) => (each.dir.length >= best.dir.length ? each : best));
    return mount.options.split(',').includes('noexec');
  } catch {
    return false;
  }
}
