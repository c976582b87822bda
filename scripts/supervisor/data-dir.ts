import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Makes the directory, for this user alone. */
export function makeDataDir(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true });
  chmodSync(dataDir, 0o711);
}

/**
 * Makes this process the only supervisor of the directory. Returns the pid of the one that already is, or
 * what gives the directory up again.
 */
export function lockDataDir(dataDir: string): { readonly heldBy: number } | { readonly release: () => void } {
  const file = join(dataDir, 'supervisor.pid');
  const pid = Number(readText(file));
  if (pid > 0 && pid !== process.pid && isSupervisor(pid)) return { heldBy: pid };
  writeFileSync(file, String(process.pid), { mode: 0o600 });
  return { release: () => rmSync(file, { force: true }) };
}

/** The file of a secret, for this user alone, which is made once and kept. */
export function secretFile(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  const secret = readText(file).trim() || randomBytes(32).toString('base64url');
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return file;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** A pid alone is no identity: where the system tells, the process must also be a supervisor. */
function isSupervisor(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const commandLine = readText(`/proc/${pid}/cmdline`);
  return commandLine === '' || commandLine.includes('start.ts');
}
