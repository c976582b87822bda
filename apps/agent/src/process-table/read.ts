import { readdirSync, readFileSync } from 'node:fs';
import { parseStat, type ProcessInfo } from './process-info.ts';

// Reads of /proc do not touch a disk: the kernel writes the answer while we wait, some 10 µs for each.

/** The process, or null when there is none with that id. */
export const readProcess = (pid: number): ProcessInfo | null => {
  const text = readText(`/proc/${pid}/stat`);
  return text === null ? null : parseStat(text);
};

/** Every process of this machine. */
export function readProcesses(): ProcessInfo[] {
  return processIds().flatMap((pid) => readProcess(pid) ?? []);
}

/** Whether this very process is there and has not ended. */
export function isAlive(pid: number, startTicks: number): boolean {
  const found = readProcess(pid);
  return found !== null && found.startTicks === startTicks && !found.isZombie;
}

/**
 * Ids of processes by the value of a variable of the environment that they were started with. Processes of other
 * users, and those that have written over their environment, are not found.
 */
export function pidsByVariable(name: string, alsoHas: string): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const pid of processIds()) {
    const variables = readText(`/proc/${pid}/environ`)?.split('\0');
    const value = variables?.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);
    if (value === undefined || !variables?.includes(alsoHas)) continue;
    found.set(value, [...(found.get(value) ?? []), pid]);
  }
  return found;
}

/** Bytes in a page of memory. */
export function pageSizeBytes(): number {
  // The auxiliary vector is pairs of words; 6 is AT_PAGESZ.
  try {
    const words = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer);
    for (let at = 0; at + 1 < words.length; at += 2) if (words[at] === 6n) return Number(words[at + 1]);
  } catch {
    // Not a Linux, or a 32 bit one.
  }
  return 4096;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

/** Null when the process has ended since, or is none of ours. */
function readText(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}
