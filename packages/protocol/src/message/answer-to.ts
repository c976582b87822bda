import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { AgentFault, AnswerKind, AnswerResult } from './answer.ts';
import type { AgentRequestType } from './request.ts';

/** The one kind of answer that each request has; a new request cannot be without its row. */
export const answerTo = {
  set_client_config: 'client_config_set',
  restore_client_config: 'client_config_restored',
  config_dump: 'config_dumped',
  keepalive: 'alive',
  stream_state: 'streaming',
  drain_host: 'drained',
  shutdown_host: 'shutting_down',
  check_spawn: 'spawn_checked',
  spawn_procs: 'procs_accepted',
  stop_procs: 'procs_stopping',
  get_state: 'proc_state',
  get_host_proc_states: 'proc_states',
  wait_status: 'proc_state',
  list_procs: 'proc_states',
  get_usage: 'usage',
  read_logs: 'logs',
  forget_procs: 'procs_forgotten',
} as const satisfies Record<AgentRequestType, AnswerKind>;

/** What an agent answers to a request of this type. */
export type AnswerOf<T extends AgentRequestType> = Extract<AnswerResult, { kind: (typeof answerTo)[T] }>;

/**
 * Why a request got no result.
 * - `refused`: the agent answered with a fault, or with a result of another kind (`BAD_ANSWER`)
 * - `closed`: the connection ended first; `code` says how (`ECONNRESET`, `CLOSED`, `FRAME_TOO_LARGE`, `BAD_FRAME`)
 * - `aborted`: the caller's signal fired
 */
export type RequestFault =
  | (Fault & { readonly kind: 'refused'; readonly fault: AgentFault })
  | (Fault & { readonly kind: 'closed' })
  | (Fault & { readonly kind: 'aborted' });

/** A fault that an agent answered with. */
export const refused = (fault: AgentFault): Result<never, RequestFault> =>
  fail({ kind: 'refused', code: fault.code, message: fault.message, fault });

/** Takes a result for the answer to a request of this type; a result of another kind is a fault, `BAD_ANSWER`. */
export function readAnswer<T extends AgentRequestType>(
  type: T,
  result: AnswerResult,
): Result<AnswerOf<T>, RequestFault> {
  const kind: AnswerKind = answerTo[type];
  if (result.kind !== kind)
    return refused({ code: 'BAD_ANSWER', message: `the host answered ${type} with ${result.kind}` });
  // The kind was compared, which does not narrow a union by a type parameter.
  return ok(result as AnswerOf<T>);
}
