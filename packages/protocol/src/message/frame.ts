import { fail, ok, type Result } from '@hostmesh/core';
import { z } from 'zod';
import { Answer } from './answer.ts';
import { AgentEvent } from './event.ts';
import { Hello } from './hello.ts';
import { AgentRequest } from './request.ts';

/** Whatever an agent sends. */
export const AgentFrame = z.discriminatedUnion('type', [Hello, Answer, AgentEvent]);
export type AgentFrame = z.infer<typeof AgentFrame>;

const requestTypes: ReadonlySet<unknown> = new Set(
  AgentRequest.options.map((option) => option.shape.type.value),
);
/** Enough of a request to answer it. */
const RequestHead = z.object({ id: z.string().min(1).max(100), type: z.string() });

/** Why a frame was not understood. `id` is there when it was a request that can still be answered. */
export interface FrameFault {
  readonly code: 'BAD_FRAME' | 'bad_request' | 'unknown_request';
  readonly message: string;
  readonly id?: string;
}

/** Reads a frame that an agent sent; anything that is not of this protocol is `BAD_FRAME`. */
export function parseAgentFrame(text: string): Result<AgentFrame, FrameFault> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const frame = AgentFrame.safeParse(json.value);
  return frame.success ? ok(frame.data) : fail({ code: 'BAD_FRAME', message: describe(frame.error) });
}

/** Reads a frame that a client sent; `BAD_FRAME` only when there is no request id to answer to. */
export function parseRequest(text: string): Result<AgentRequest, FrameFault> {
  const json = parseJson(text);
  if (!json.ok) return json;
  const request = AgentRequest.safeParse(json.value);
  if (request.success) return ok(request.data);
  const head = RequestHead.safeParse(json.value);
  if (!head.success) return fail({ code: 'BAD_FRAME', message: describe(head.error) });
  const { id, type } = head.data;
  return requestTypes.has(type)
    ? fail({ code: 'bad_request', message: describe(request.error), id })
    : fail({ code: 'unknown_request', message: `this agent has no request ${type.slice(0, 100)}`, id });
}

/** JSON, whatever it says. */
export function parseJson(text: string): Result<unknown, FrameFault> {
  try {
    return ok(JSON.parse(text));
  } catch {
    return fail({ code: 'BAD_FRAME', message: 'the frame is not JSON' });
  }
}

/** What is wrong with a frame, bounded: it quotes the other side. */
export const describe = (error: z.ZodError): string => z.prettifyError(error).slice(0, 500);
