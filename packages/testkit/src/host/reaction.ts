import type { AgentFault, AgentReply, AnswerResult } from '@hostmesh/protocol';

/** How an answer gets onto the wire. */
export type Delivery =
  | { readonly kind: 'at_once' }
  | { readonly kind: 'twice' }
  | { readonly kind: 'late'; readonly afterMs: number }
  | { readonly kind: 'drip'; readonly overMs: number };

/** What a host does on the wire about a request. */
export type Reaction =
  | { readonly kind: 'silent' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'answer'; readonly reply: AgentReply; readonly delivery: Delivery };

const answer = (reply: AgentReply): Reaction => ({ kind: 'answer', reply, delivery: { kind: 'at_once' } });

/** An answer as a healthy host gives it. */
export const result = (of: AnswerResult): Reaction => answer({ ok: true, result: of });

/** A refusal as a healthy host gives it. */
export const refusal = (fault: AgentFault): Reaction => answer({ ok: false, fault });
