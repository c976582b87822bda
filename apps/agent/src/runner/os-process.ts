import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcExit } from '@hostmesh/protocol';
import type { Launched } from '../launch/launch.ts';
import { capture, type ReadingPace } from '../output/capture.ts';
import type { ProcLog } from '../output/proc-log.ts';
import { Spool } from '../output/spool.ts';
import { isAlive, sendSignal } from '../processes/processes.ts';
import { unseenExit } from '../proc/proc-end.ts';
import type { ProcessRun } from '../proc/agent-proc.ts';

/** The system tells only a parent that its process has ended: an adopted one is looked at this often. */
const LOOK_EVERY_MS = 200;

const CORE_SIGNALS = [
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGXCPU',
  'SIGSYS',
];

/** A process of the operating system as a proc's runner holds it. */
export interface OsProcess {
  onExit(listener: (exit: ProcExit) => void): void;
  /** Signals the process if it is still the same one. */
  signalLeader(signal: 'SIGTERM'): void;
  /** Reads its output to the end, as far as that comes soon, and lets go of it. */
  endOutput(): Promise<void>;
  /** Stops following a process that goes on without this agent. None of its output is logged once this resolves. */
  abandon(): Promise<void>;
}

/** A process that this agent has started. `cwd`: where it would leave a core. Throws when its output cannot be read. */
export function ownProcess(
  { child, pid, pipes, ready }: Launched,
  { dir, cwd, log, pace }: { dir: string; cwd: string; log: ProcLog; pace: ReadingPace },
): OsProcess {
  const startedAtMs = Date.now();
  const exited = new Promise<ProcExit>((resolve) => {
    child.once('exit', (code, signal) => {
      const coreDumped = CORE_SIGNALS.includes(signal ?? '') && leftCore(cwd, pid, startedAtMs);
      resolve({ code, signal, coreDumped });
    });
  });
  const output =
    pipes === null
      ? ownSpools(dir, log)
      : [capture(pipes.stdout, 'stdout', log, pace), capture(pipes.stderr, 'stderr', log, pace)];
  return {
    onExit: (listener) => void exited.then(listener),
    signalLeader: (signal) => void child.kill(signal),
    async endOutput() {
      ready?.destroy();
      if (Array.isArray(output)) await Promise.all(output.map((each) => each.finish()));
      else await output.end();
    },
    async abandon() {
      child.unref();
      if (!Array.isArray(output)) await output.abandon();
    },
  };
}

/** A kept process that an earlier agent has started. `onFault` hears why output of it is lost. */
export function adoptedProcess(
  { pid, startTicks }: ProcessRun,
  dir: string,
  log: ProcLog,
  onFault: (error: unknown) => void,
): OsProcess {
  const output = spoolsOf(dir, log, onFault);
  let timer: NodeJS.Timeout | undefined;
  return {
    onExit(listener) {
      timer = setInterval(() => {
        if (isAlive(pid, startTicks)) return;
        clearInterval(timer);
        listener(unseenExit);
      }, LOOK_EVERY_MS);
    },
    signalLeader(signal) {
      if (isAlive(pid, startTicks)) sendSignal(pid, signal);
    },
    endOutput: output.end,
    async abandon() {
      clearInterval(timer);
      await output.abandon();
    },
  };
}

/** Logs what is left in the spools of a process that has ended. `onFault` hears why output of it is lost. */
export const readSpools = (dir: string, log: ProcLog, onFault: (error: unknown) => void): Promise<void> =>
  spoolsOf(dir, log, onFault).end();

function spoolsOf(dir: string, log: ProcLog, onFault: (error: unknown) => void) {
  const spools = (['stdout', 'stderr'] as const).flatMap((stream) => {
    try {
      return Spool.open(dir, stream, log) ?? [];
    } catch (error) {
      onFault(error);
      return [];
    }
  });
  return {
    end: async () => void (await Promise.all(spools.map((spool) => spool.end()))),
    abandon: async () => void (await Promise.all(spools.map((spool) => spool.abandon()))),
  };
}

/** Follows both spools of a process, or throws. */
function ownSpools(dir: string, log: ProcLog) {
  const faults: unknown[] = [];
  const spools = spoolsOf(dir, log, (error) => faults.push(error));
  if (faults.length === 0) return spools;
  void spools.abandon();
  throw faults[0];
}

/** Node does not tell whether a core was dumped; a file in the usual place does. */
function leftCore(cwd: string, pid: number, sinceMs: number): boolean {
  return ['core', `core.${pid}`].some((name) => {
    const found = statSync(join(cwd, name), { throwIfNoEntry: false });
    return found !== undefined && found.mtimeMs >= sinceMs - 1000;
  });
}
