import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { fail, ok, type Result } from '@hostmesh/core';
import type { PostgresFault } from './binaries.ts';
import type { Layout } from './cluster.ts';

/** How long a leftover server may take to write out its memory and leave. */
const LEAVE_MS = 30_000;
const POLL_MS = 20;

/**
 * Makes way for a new server on these files. A server whose Hostmesh is gone is asked to leave and waited for.
 * A note of a process that is gone Postgres clears itself, but not when another program got its number since.
 */
export async function clearLeftover(layout: Layout): Promise<Result<void, PostgresFault>> {
  const note = join(layout.cluster, 'postmaster.pid');
  const pid = await readPid(note);
  if (pid === undefined || !isAlive(pid)) return ok(undefined);
  if (!(await commandLine(pid)).includes(layout.cluster)) {
    await rm(note);
    return ok(undefined);
  }
  const owner = await readPid(layout.owner);
  if (owner !== undefined && isAlive(owner)) {
    return fail({
      code: 'postgres_in_use',
      message: `Hostmesh (process ${owner}) already runs a database on ${layout.cluster}: stop it first, or choose another HOSTMESH_DATA_DIR`,
    });
  }
  process.kill(pid, 'SIGINT');
  for (let waitedMs = 0; isAlive(pid); waitedMs += POLL_MS) {
    if (waitedMs > LEAVE_MS) {
      return fail({
        code: 'postgres_failed',
        message: `A database server left over from before (process ${pid}) does not stop: end it by hand`,
      });
    }
    await delay(POLL_MS);
  }
  return ok(undefined);
}

/** The process id on the first line of a file. */
async function readPid(file: string): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The server's names its files, which tells it from any other program, other Postgres servers included. */
async function commandLine(pid: number): Promise<string> {
  try {
    return process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8')
      : (await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)])).stdout;
  } catch {
    return '';
  }
}
