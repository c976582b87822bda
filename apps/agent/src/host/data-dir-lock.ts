import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '@hostmesh/core';
import { isAlive, readProcess } from '../processes/processes.ts';
import type { HostIdFault } from './host-id.ts';

/**
 * Makes this process the only agent on a data directory: a second one would take the procs of the first for leftovers.
 * A lock holds for the directory that it was made in, by whatever path, and not for copies. That of an agent that was
 * killed does not count. Returns how to release it.
 */
export function claimDataDir(dataDir: string): Result<() => void, HostIdFault> {
  const file = join(dataDir, 'agent.lock');
  const aside = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const { dev, ino } = statSync(dataDir);
    const here = `${dev}:${ino}`;
    const self = `${process.pid} ${readProcess(process.pid)?.startTicks ?? 0} ${here}\n`;
    writeFileSync(aside, self, { mode: 0o600 });
    try {
      while (!linked(aside, file)) {
        const [pid = 0, startTicks = 0, dir = here] = readFileSync(file, 'utf8').trim().split(' ');
        if (dir === here && Number(pid) !== process.pid && isAlive(Number(pid), Number(startTicks))) {
          const message = `another agent (process ${pid}) runs on the data directory ${dataDir}`;
          return fail({ code: 'data_dir', message });
        }
        rmSync(file, { force: true });
      }
    } finally {
      rmSync(aside, { force: true });
    }
    return ok(() => rmSync(file, { force: true }));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail({ code: 'data_dir', message: `the data directory ${dataDir} cannot be used: ${why}`, cause });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
