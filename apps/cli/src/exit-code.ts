import type { AttemptSummary, Proc, ProcFailure } from '@hostmesh/contract';
import { signalNumber } from '@hostmesh/core';

/**
 * Exit codes of every command. Commands that wait for procs to end may end with any other one: theirs.
 * - `ok`: what was asked for is so
 * - `failed`: it was tried and failed, as an attach with a failing host
 * - `refused`: the input was refused and nothing was done
 * - `unavailable`: the API did not answer, or does not let us in
 * - `leftBehind`: an attempt did not attach, and hosts may still hold its config, or are still asked whether they do
 * - `cancelled`: an attempt was cancelled, and nothing is left of it
 * - `attemptInterrupted`: the API stopped while an attempt ran, and nothing is left of it
 * - `timedOut`: `wait` gave up; the procs go on
 * - `unknown`: procs have ended, or are gone, and nobody knows with what exit code
 * - `stopped`: procs were stopped, as by SIGTERM, before they ended by themselves
 * - `interrupted`: Ctrl-C while waiting for procs or an attempt; they go on
 */
export const exitCodes = {
  ok: 0,
  failed: 1,
  refused: 2,
  unavailable: 3,
  leftBehind: 4,
  cancelled: 5,
  attemptInterrupted: 6,
  timedOut: 124,
  unknown: 125,
  interrupted: 130,
  stopped: 143,
} as const;
/** One of `exitCodes`, or what a proc ended with. */
export type ExitCode = number;

/** The exit code that tells how an attempt stands; `failed` where nothing is left of it, and it was not ended by anybody. */
export function exitCodeOfAttempt({ state, counts }: Pick<AttemptSummary, 'state' | 'counts'>): ExitCode {
  if (state === 'attached') return exitCodes.ok;
  if (state === 'running') return exitCodes.interrupted;
  if (counts.residue + counts.restoring > 0) return exitCodes.leftBehind;
  if (state === 'cancelled') return exitCodes.cancelled;
  return state === 'interrupted' ? exitCodes.attemptInterrupted : exitCodes.failed;
}

/** What a shell adds to the number of the signal that ended a process. */
const BY_SIGNAL = 128;

type Ended = Pick<Proc, 'end' | 'exitCode' | 'signal'>;

/**
 * The exit code that tells how procs ended, which are given by rank, as the state of their proc mesh does: that of the
 * first rank that failed; else `unknown` when some rank's end is not known; else that of the first one that was stopped; 0
 * when all exited with 0 by themselves.
 */
export function exitCodeOf(procs: readonly Ended[]): ExitCode {
  const first = (wanted: Proc['end']) => procs.find(({ end }) => end === wanted);
  const failed = first('failed');
  if (failed !== undefined) return exitCodeOfEnd(failed, exitCodes.failed);
  if (first('lost') !== undefined || first(null) !== undefined) return exitCodes.unknown;
  const stopped = first('stopped');
  return stopped === undefined ? exitCodes.ok : exitCodeOfEnd(stopped, exitCodes.stopped);
}

/** `otherwise` where a process did not end well and has neither exit code nor signal that say so. */
function exitCodeOfEnd({ exitCode, signal }: Ended, otherwise: ExitCode): ExitCode {
  if (signal === null) return exitCode === null || exitCode === 0 ? otherwise : exitCode;
  const number = signalNumber(signal);
  return number === undefined ? exitCodes.unknown : BY_SIGNAL + number;
}

/** Of a failed spawn: only the ranks that made it fail count, since the others were stopped because of it. */
export const exitCodeOfSpawn = (failures: readonly ProcFailure[]): ExitCode =>
  exitCodeOf(
    failures.map((failure) => ({ ...failure, end: failure.status === 'Unknown' ? 'lost' : 'failed' })),
  ) || exitCodes.failed;
