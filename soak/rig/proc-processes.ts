import { readdirSync, readFileSync } from 'node:fs';

/** A process of a proc, as the operating system has it: what no part of the product can be wrong about. */
export interface ProcProcess {
  readonly pid: number;
  /** With the pid it names this very process, and no later one. */
  readonly startTicks: string;
  readonly procId: string;
  readonly hostId: string;
  /** The config that it was started with, by environment name. */
  readonly config: Readonly<Record<string, string>>;
}

/** Names it among all processes that ever were on this machine. */
export const nameOf = ({ pid, startTicks }: ProcProcess): string => `${pid}@${startTicks}`;

/** The first process of each proc that lives now: whose parent is none of the same proc. Zombies are left out. */
export function procProcesses(isOurs: (hostId: string) => boolean): ProcProcess[] {
  const found = pids().flatMap((pid) => readProcProcess(pid) ?? []);
  const procOfPid = new Map(found.map(({ pid, procId }) => [pid, procId]));
  return found
    .filter(({ hostId, procId, parent }) => isOurs(hostId) && procOfPid.get(parent) !== procId)
    .map(({ parent: _, ...each }) => each);
}

/** Ids of the procs that the agent with this id runs. */
export const procIdsOf = (hostId: string | undefined): string[] =>
  procProcesses((id) => id === hostId).map(({ procId }) => procId);

/** Processes below this one, itself left out. */
export function descendants(ancestor: number): { readonly pid: number; readonly commandLine: string }[] {
  const parents = new Map(pids().map((pid) => [pid, statOf(pid)?.parent ?? 0]));
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === ancestor || (parent > 1 && isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow).map((pid) => ({
    pid,
    commandLine: readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' '),
  }));
}

/** Sends a signal to whoever of them is still there. */
export function signal(targets: readonly number[], name: NodeJS.Signals): void {
  for (const pid of targets) {
    try {
      process.kill(pid, name);
    } catch {
      // ESRCH: it has ended by itself.
    }
  }
}

const pids = (): number[] =>
  readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));

function readProcProcess(pid: number): (ProcProcess & { readonly parent: number }) | undefined {
  const environment = readText(`/proc/${pid}/environ`);
  if (!environment.includes('HOSTMESH_PROC_ID=')) return undefined;
  const variables = Object.fromEntries(
    environment.split('\0').map((each) => {
      const at = each.indexOf('=');
      return [each.slice(0, at), each.slice(at + 1)] as const;
    }),
  );
  const stat = statOf(pid);
  if (stat === undefined || stat.state === 'Z') return undefined;
  const config = Object.entries(variables).filter(([name]) => name.startsWith('HYPERACTOR_'));
  return {
    pid,
    startTicks: stat.startTicks,
    parent: stat.parent,
    procId: variables.HOSTMESH_PROC_ID ?? '',
    hostId: variables.HOSTMESH_HOST_ID ?? '',
    config: Object.fromEntries(config),
  };
}

function statOf(pid: number): { state: string; parent: number; startTicks: string } | undefined {
  const text = readText(`/proc/${pid}/stat`);
  // The name of the program stands in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 20) return undefined;
  return { state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' };
}

/** Empty when there is no such process, or it may not be looked at. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
