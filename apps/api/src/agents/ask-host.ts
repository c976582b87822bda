import { fail, type Fault, type Result } from '@hostmesh/core';
import type {
  AgentRequest,
  AgentRequestType,
  AnswerOf,
  Connection,
  RequestOf,
  Transport,
} from '@hostmesh/protocol';
import { storedAddress } from './stored-names.ts';

/** Why a host did not answer; `message` names the host. */
export interface AskHostFault extends Fault<'host_unreachable' | 'host_timed_out'> {
  /** Of the fault that it answered with, when it did answer. */
  readonly refusal?: string;
}

export interface AskHostOptions {
  /** Total deadline, connecting included. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** Who must answer there: another host may have the address by now. */
  readonly hostId?: string | null;
  /** What it must have answered before that. */
  readonly before?: readonly AgentRequest[];
}

/**
 * Asks one host over a connection of its own: of a mesh that has ended there is no other, and an answer must not queue
 * behind what else goes on with the host.
 */
export async function askHost<T extends AgentRequestType>(
  transport: Transport,
  address: string,
  request: RequestOf<T>,
  { timeoutMs, signal, hostId = null, before = [] }: AskHostOptions,
): Promise<Result<AnswerOf<T>, AskHostFault>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const ending = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
  const unanswered = (why: string) =>
    timeout.aborted
      ? fail<AskHostFault>({
          code: 'host_timed_out',
          message: `${address} did not answer within ${timeoutMs / 1000} s.`,
        })
      : fail<AskHostFault>({ code: 'host_unreachable', message: `${address}: ${why}.` });
  const ask = async <R extends AgentRequestType>(
    connection: Connection,
    each: RequestOf<R>,
  ): Promise<Result<AnswerOf<R>, AskHostFault>> => {
    const asked = await connection.request<R>(each, ending);
    if (asked.ok) return asked;
    const unasked = unanswered(asked.fault.message);
    return asked.fault.kind === 'refused'
      ? fail({ ...unasked.fault, refusal: asked.fault.fault.code })
      : unasked;
  };

  const connected = await transport.connect(storedAddress(address), { signal: ending });
  if (!connected.ok) return unanswered(`${connected.fault.message} (${connected.fault.code})`);
  const connection = connected.value;
  try {
    const answering = connection.hello.hostId;
    if (hostId !== null && answering !== hostId) {
      const message = `At ${address}, ${answering} answers in place of ${hostId}.`;
      return fail({ code: 'host_unreachable', message });
    }
    for (const each of before) {
      const asked = await ask(connection, each);
      if (!asked.ok) return asked;
    }
    return await ask(connection, request);
  } finally {
    connection.close();
  }
}
