import { readdirSync, readFileSync } from 'node:fs';
import { parseStat, type ProcessInfo } from './process-info.ts';

// Reads of /proc do not touch a disk: the kernel writes the answer while we wait, some 10 µs for each.

/** How a look at a process fails that has ended. */
const GONE = ['ENOENT', 'ESRCH'];
/** How it fails at one that has ended, or is none of ours. */
const UNSEEN = [...GONE, 'EACCES', 'EPERM'];

/** The process, or null when there is none with that id. Throws when that cannot be told: no descriptor may be free. */
export const readProcess = (pid: number): ProcessInfo | null => readStat(pid, GONE);

/** Every process that this user may look at; none when that cannot be told. */
export function readProcesses(): ProcessInfo[] {
  try {
    return processIds().flatMap((pid) => readStat(pid, UNSEEN) ?? []);
  } catch {
    // Half of them would make the others look gone.
    return [];
  }
}

/** Whether this very process is there and has not ended. While that cannot be told, whoever has its id is taken for it. */
export function isAlive(pid: number, startTicks: number): boolean {
  try {
    const found = readProcess(pid);
    return found !== null && found.startTicks === startTicks && !found.isZombie;
  } catch {
    return sendSignal(pid, 0);
  }
}

/** A process, and of its environment, as it was started with it, whose proc it says to be. */
export interface MarkedProcess extends ProcessInfo {
  /** Null where it says nothing, or this user may not read it, or it has written over it. */
  readonly procId: string | null;
}

/** Every process that this user may look at, with what those of a host say of themselves; null when that cannot be told. */
export function readMarkedProcesses(
  names: { host: string; proc: string },
  hostId: string,
): MarkedProcess[] | null {
  try {
    return processIds().flatMap((pid) => {
      const found = readStat(pid, UNSEEN);
      return found === null ? [] : [{ ...found, procId: markOf(pid, names, hostId) }];
    });
  } catch {
    return null;
  }
}

function markOf(pid: number, names: { host: string; proc: string }, hostId: string): string | null {
  const variables = environmentOf(pid);
  return valueIn(variables, names.host) === hostId ? valueIn(variables, names.proc) : null;
}

/** A variable of the environment that a process was started with; null when it cannot be seen. */
export const variableOf = (pid: number, name: string): string | null => valueIn(environmentOf(pid), name);

const environmentOf = (pid: number) => readText(`/proc/${pid}/environ`, UNSEEN)?.split('\0');

const valueIn = (variables: readonly string[] | undefined, name: string): string | null =>
  variables?.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;

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

/** Sends a signal to a process, or to a group by its negative id. False when nobody is there to get it. */
export function sendSignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    // EPERM: somebody is there who has become another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  } catch {
    return [];
  }
}

function readStat(pid: number, nothing: readonly string[]): ProcessInfo | null {
  const text = readText(`/proc/${pid}/stat`, nothing);
  return text === null ? null : parseStat(text);
}

/** Null when it fails with one of the codes `nothing`; throws what else it fails with. */
function readText(file: string, nothing: readonly string[]): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && nothing.includes(String(error.code))) return null;
    throw error;
  }
}
