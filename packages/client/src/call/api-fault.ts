import type { Fault } from '@hostmesh/core';
import { Problem } from '@hostmesh/contract';

/**
 * Why a call got no reply. `code` is a problem code of the contract when the API answered (`status` and
 * `problem` are there), else one of ours: `network` (no answer at all), `bad_reply` (an answer that is not of
 * the contract), `aborted` (the caller's signal).
 */
export interface ApiFault extends Fault {
  readonly status: number | null;
  readonly problem: Problem | null;
}

/** Reads a problem document; what is none becomes `bad_reply` with the status. */
export function faultOfAnswer(status: number, body: unknown): ApiFault {
  const problem = Problem.safeParse(body);
  if (problem.success) {
    return { code: problem.data.code, message: problem.data.detail, status, problem: problem.data };
  }
  return {
    code: 'bad_reply',
    message: `The server answered ${status} without saying why.`,
    status,
    problem: null,
  };
}

/** Translates what `fetch` throws, once, at the boundary; the original is kept as `cause`. */
export function faultOfThrown(cause: unknown, baseUrl: string, signal: AbortSignal | undefined): ApiFault {
  if (signal?.aborted)
    return { code: 'aborted', message: 'The request was cancelled.', status: null, problem: null, cause };
  const message = `No answer from the API${baseUrl === '' ? '' : ` at ${baseUrl}`}. Is it running?`;
  return { code: 'network', message, status: null, problem: null, cause };
}
