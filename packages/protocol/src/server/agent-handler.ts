import type { CloseReason } from '../channel/frame-channel.ts';
import type { AgentReply } from '../message/encode.ts';
import type { AgentEvent } from '../message/event.ts';
import type { Hello } from '../message/hello.ts';
import type { AgentRequest } from '../message/request.ts';

/** What an agent is, apart from its wire. */
export interface AgentHandler {
  /** Said first on every connection. */
  hello(): Hello;
  /**
   * Asked once per request; the reply goes out as its one answer, also when others came later. Throwing is a bug and
   * is answered `internal`. Answer `stream_state` synchronously: then no event falls between answer and stream.
   */
  request(request: AgentRequest, client: ClientConnection): AgentReply | StreamReply | Promise<AgentReply>;
  /** Tells the listener every event from now on, which is for every client that streams. */
  onEvent(listener: (event: AgentEvent) => void): void;
}

/** To `stream_state`: `replay` are the events after the last that the client applied, sent right after the answer. */
export type StreamReply = Extract<AgentReply, { ok: true }> & { readonly replay?: readonly AgentEvent[] };

/** A client as the agent sees it. */
export interface ClientConnection {
  /** Unique within the server. */
  readonly id: string;
  /** Fires when the connection ends, and with it the interest in answers. */
  readonly signal: AbortSignal;
  close(reason: CloseReason, message: string): void;
  /** Ends without a word. */
  terminate(): void;
}
