import { readFileSync } from 'node:fs';
import { SimHostsError } from './sim-hosts-error.ts';

/** What a process needs for itself. */
const SPARE_FILES = 500;
const LAST_PORT = 65_535;

/** How many hosts, each with its listening socket and one connection, this process can serve. */
export const hostsPerProcess = (openFiles = openFilesMax()): number =>
  Math.max(1, Math.floor((openFiles - SPARE_FILES) / 2));

/** Throws `bad_spec` when there are no such ports. Base port 0 stands for any. */
export function checkPorts(hostCount: number, basePort: number): void {
  if (!Number.isSafeInteger(hostCount) || hostCount < 1) {
    throw new SimHostsError('bad_spec', `a number of hosts from 1 is needed, not ${hostCount}`);
  }
  const lastBase = LAST_PORT - hostCount + 1;
  if (!Number.isSafeInteger(basePort) || basePort < 0 || basePort > lastBase) {
    throw new SimHostsError(
      'bad_spec',
      `the base port for ${hostCount} hosts is 0 to ${lastBase}, not ${basePort}`,
    );
  }
}

/** Throws `too_many_open_files` when this process may not serve so many hosts, and says what to do. */
export function checkOpenFiles(hostCount: number, openFiles = openFilesMax()): void {
  if (hostCount <= hostsPerProcess(openFiles)) return;
  const needed = 2 * hostCount + SPARE_FILES;
  throw new SimHostsError(
    'too_many_open_files',
    `${hostCount} hosts in one process need ${needed} open files, and it may open ${openFiles}: raise that ` +
      `with "ulimit -n ${needed}", or start them with startSimHostsProcess, which uses as many processes as it takes`,
  );
}

/** What the process has open besides sockets of hosts. */
const OTHER_FILES = 40;

/**
 * Counts the sockets of this process and says once, by `warn`, when it can open no more: the kernel then drops
 * connections without a word to anybody here.
 */
export function socketWatch(warn: (message: string) => void, openFiles = openFilesMax()) {
  let open = 0;
  let isWarned = false;
  return {
    opened() {
      open += 1;
      if (isWarned || open + OTHER_FILES < openFiles) return;
      isWarned = true;
      warn(
        `${open} sockets are open, and a process may open ${openFiles} files: further connections are dropped. ` +
          `Raise that with "ulimit -n", or simulate fewer hosts`,
      );
    },
    closed() {
      open -= 1;
    },
  };
}

/** A hint for a port that is taken: ports of outgoing connections come and go. Empty when that is not the reason. */
export function ephemeralHint(port: number): string {
  const range = ephemeralPorts();
  if (range === undefined || port < range.first || port > range.last) return '';
  return (
    `; ports ${range.first} to ${range.last} are also given to outgoing connections (ip_local_port_range), ` +
    `so choose a base port below them`
  );
}

/** The soft limit; Node raises it to the hard one when it starts. */
function openFilesMax(): number {
  // Without this the report looks up the names of all peers. The type package does not know it yet.
  Object.assign(process.report, { excludeNetwork: true });
  // The report is untyped; where there is no limit the entry is missing or "unlimited".
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Infinity;
}

function ephemeralPorts(): { first: number; last: number } | undefined {
  try {
    const [first, last] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
      .trim()
      .split(/\s+/)
      .map(Number);
    return first === undefined || last === undefined ? undefined : { first, last };
  } catch {
    // Not Linux: nothing to say about it.
    return undefined;
  }
}
