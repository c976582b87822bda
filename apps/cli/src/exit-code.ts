import type { AttemptSummary, ProcFailure } from '@hostmesh/contract';
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

type Ended = Pick<ProcFailure, 'status' | 'exitCode' | 'signal'>;

/**
 * The exit code that tells how procs ended, which are given by rank: 0 when all exited with 0; else that of the first
 * rank that failed, or failing that of the first that was stopped, 128 and the number of its signal; `unknown` when no
 * rank is known to have ended so, but some rank's end is not known.
 */
export function exitCodeOf(procs: readonly Ended[]): ExitCode {
  const failed = procs.filter(({ status }) => status === 'Failed');
  const codes = [...failed, ...procs].map(endOf).filter((code) => code !== exitCodes.ok);
  return codes.find((code) => code !== exitCodes.unknown) ?? codes[0] ?? exitCodes.ok;
}

function endOf({ status, exitCode, signal }: Ended): ExitCode {
  if (status !== 'Stopped' && status !== 'Failed') return exitCodes.unknown;
  if (signal !== null) {
    const number = signalNumber(signal);
    return number === undefined ? exitCodes.unknown : BY_SIGNAL + number;
  }
  if (exitCode === null) return status === 'Failed' ? exitCodes.failed : exitCodes.unknown;
  // Exited with 0 before it was ready: failed all the same.
  return exitCode === 0 && status === 'Failed' ? exitCodes.failed : exitCode;
}
