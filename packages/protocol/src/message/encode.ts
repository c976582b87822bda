import type { AgentFault, Answer, AnswerResult } from './answer.ts';
import type { AgentRequest, AgentRequestType } from './request.ts';

/** A request of this type. */
export type RequestOf<T extends AgentRequestType> = AgentRequest & { readonly type: T };

/** A request encoded once, to be sent as the same bytes on many connections. */
export interface EncodedRequest<T extends AgentRequestType = AgentRequestType> {
  readonly type: T;
  readonly id: string;
  readonly bytes: Buffer;
}

/** Encodes a request once; the same bytes then go out on as many connections as one likes. */
export function encodeRequest<T extends AgentRequestType>(request: RequestOf<T>): EncodedRequest<T> {
  return { type: request.type, id: request.id, bytes: Buffer.from(JSON.stringify(request)) };
}

/** What an agent says to a request: its result, or a fault with a stable code. */
export type AgentReply =
  | { readonly ok: true; readonly result: AnswerResult }
  | { readonly ok: false; readonly fault: AgentFault };

/** The frame that answers the request `id`. */
export function encodeAnswer(id: string, reply: AgentReply): string {
  const answer: Answer = reply.ok
    ? { type: 'answer', id, ok: true, result: reply.result }
    : { type: 'answer', id, ok: false, fault: reply.fault };
  return JSON.stringify(answer);
}
