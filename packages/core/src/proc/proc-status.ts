import { printDuration } from '../text/duration.ts';
import { assertNever } from '../fault.ts';
import { signalNumber } from './signal.ts';
import type { Status } from './status.ts';

/**
 * Why we ended a process; an end that nobody asked for has no cause.
 * - `requested`: a client stopped this proc
 * - `drained`, `shut_down`: its host was
 * - `orphaned`: its client was not heard of for longer than the orphan timeout (reference 12.4)
 * - `rolled_back`: another proc of the same spawn failed
 * - `not_ready`: it did not become ready in time
 * - `agent_ended`: its host agent ended, and it was not to be kept
 */
export const stopCauses = [
  'requested',
  'drained',
  'shut_down',
  'orphaned',
  'rolled_back',
  'not_ready',
  'agent_ended',
] as const;
/** Why we ended a process. */
export type StopCause = (typeof stopCauses)[number];

/** The step of the stop ladder (reference 11) after which the whole process group was gone. */
export const ladderSteps = ['asked', 'SIGTERM', 'SIGKILL'] as const;
/** A step of the stop ladder. */
export type LadderStep = (typeof ladderSteps)[number];

/** Why no process could be made of exactly what was asked for. Nothing else is run in its place, nor is it tried again. */
export const startFaultCodes = [
  'not_found', // the host has no such program
  'not_executable', // it has, and its agent may not execute it
  'exec_format', // the kernel of the host does not run such a file
  'interpreter_missing', // what is to read a script, or to load a program, is not there
] as const;

/** Why a host starts no such command whoever asks: it is not among what its operator allows. */
export const commandRefusals = [
  'program_refused', // the program is not on the allow-list (`--allow`)
  'arg0_refused', // it is to have a name that is not its own
  'env_refused', // it sets a variable that commands may not set there (`--allow-env`)
  'run_as_refused', // no such user runs anything there, or its agent is root and was not told who does (`--run-as`)
  'cwd_refused', // it starts in a directory where commands may not start (`--allow-cwd`)
] as const;
/** One of `commandRefusals`. */
export type CommandRefusal = (typeof commandRefusals)[number];

/** As one of `startFaultCodes`, but the host had no room for another process: it may have when it is tried again. */
export const HOST_LIMIT = 'host_limit';

/** What a host knows of a process that it runs (reference 10.3). Times are milliseconds since 1970. */
export type ProcStatus =
  | { readonly kind: 'Starting' }
  /** The process exists but is not ready. */
  | { readonly kind: 'Running'; readonly startedAtMs: number }
  | {
      readonly kind: 'Ready';
      readonly startedAtMs: number;
      /** Text form of where it listens, when its readiness is a port. */
      readonly address: string | null;
    }
  /** Asked to end, and still there. */
  | { readonly kind: 'Stopping'; readonly startedAtMs: number }
  | { readonly kind: 'Stopped'; readonly exitCode: number }
  | {
      readonly kind: 'Killed';
      /** `SIGKILL`. */
      readonly signal: string;
      readonly coreDumped: boolean;
    }
  /** It could not be started, did not become ready, or was lost. */
  | { readonly kind: 'Failed'; readonly reason: string };

/** `Ready at tcp:… up 3s`, `Stopped(exit=1)`, `Killed(sig=9, core)`. Uptime is in whole seconds. */
export function printProcStatus(status: ProcStatus, nowMs: number): string {
  switch (status.kind) {
    case 'Starting':
      return 'Starting';
    case 'Running':
    case 'Stopping':
      return `${status.kind} ${printUptime(status.startedAtMs, nowMs)}`;
    case 'Ready':
      return `Ready${status.address === null ? '' : ` at ${status.address}`} ${printUptime(status.startedAtMs, nowMs)}`;
    case 'Stopped':
    case 'Killed':
    case 'Failed':
      return printEnd(status);
    default:
      return assertNever(status);
  }
}

/** Causes after which an end is what was asked for, whatever the exit code. */
export const asAsked: ReadonlySet<StopCause | null> = new Set<StopCause | null>([
  'requested',
  'drained',
  'shut_down',
  'orphaned',
  'rolled_back',
]);

/**
 * What a proc's status means for those who wait for it. An exit code other than 0 and a signal are failures (design
 * section 4), unless `cause` says that we ended it. A process that exists and is not ready is still initializing: the
 * reference calls it running (10.3), and so spawns that nobody can use yet.
 */
export function statusOfProc(status: ProcStatus, cause: StopCause | null = null): Status {
  switch (status.kind) {
    case 'Starting':
    case 'Running':
      return { kind: 'Initializing' };
    case 'Ready':
      return { kind: 'Running' };
    case 'Stopping':
      return { kind: 'Stopping' };
    case 'Stopped':
    case 'Killed': {
      const isGood = asAsked.has(cause) || (status.kind === 'Stopped' && status.exitCode === 0);
      return isGood ? { kind: 'Stopped' } : { kind: 'Failed', reason: printEnd(status) };
    }
    case 'Failed':
      return { kind: 'Failed', reason: status.reason };
    default:
      return assertNever(status);
  }
}

function printUptime(startedAtMs: number, nowMs: number): string {
  // A clock that was set back must not print a negative time.
  return `up ${printDuration(Math.max(0, Math.floor((nowMs - startedAtMs) / 1000)) * 1000)}`;
}

function printEnd(status: Extract<ProcStatus, { kind: 'Stopped' | 'Killed' | 'Failed' }>): string {
  switch (status.kind) {
    case 'Stopped':
      return `Stopped(exit=${status.exitCode})`;
    case 'Killed':
      return `Killed(sig=${signalNumber(status.signal) ?? status.signal}${status.coreDumped ? ', core' : ''})`;
    case 'Failed':
      return `Failed(${status.reason})`;
    default:
      return assertNever(status);
  }
}
