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
  /** The request is for the procs of the host, or about its events; `lost`: done, but the connection ends instead. */
  | { readonly kind: 'serve'; readonly delivery: Delivery; readonly lost: boolean }
  | { readonly kind: 'answer'; readonly reply: AgentReply; readonly delivery: Delivery };

/** The rest of the host is to answer, as a healthy one does. */
export const served: Reaction = { kind: 'serve', delivery: { kind: 'at_once' }, lost: false };

const answer = (reply: AgentReply): Reaction => ({ kind: 'answer', reply, delivery: { kind: 'at_once' } });

/** An answer as a healthy host gives it. */
export const result = (of: AnswerResult): Reaction => answer({ ok: true, result: of });

/** A refusal as a healthy host gives it. */
export const refusal = (fault: AgentFault): Reaction => answer({ ok: false, fault });
