import type { EncodedRequest } from '../transport/transport.ts';
import type { AgentFault, Answer, AnswerResult } from './answer.ts';
import type { AgentRequest } from './request.ts';

/** Encodes a request once; the same bytes then go out on as many connections as one likes. */
export function encodeRequest(request: AgentRequest): EncodedRequest {
  return { id: request.id, bytes: Buffer.from(JSON.stringify(request)) };
}

/** What an agent says to a request: its result, or a fault with a stable code. */
export type AgentReply =
  { readonly ok: true; readonly result: AnswerResult } | { readonly ok: false; readonly fault: AgentFault };

/** The frame that answers the request `id`. */
export function encodeAnswer(id: string, reply: AgentReply): string {
  const answer: Answer = reply.ok
    ? { type: 'answer', id, ok: true, result: reply.result }
    : { type: 'answer', id, ok: false, fault: reply.fault };
  return JSON.stringify(answer);
}
