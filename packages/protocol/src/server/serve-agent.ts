import { ok, type ChannelAddress, type Result } from '@hostmesh/core';
import { MAX_FRAME_BYTES } from '../message/common.ts';
import type { AgentEvent } from '../message/event.ts';
import type { AgentHandler, ClientConnection } from './agent-handler.ts';
import { AgentSession } from './agent-session.ts';
import type { ListenFault } from './listen.ts';
import { serveChannels, type ChannelServerOptions } from './serve-channels.ts';

/** Unread bytes that a client may leave: a few of the longest frames. */
const MAX_BUFFERED_BYTES = 4 * MAX_FRAME_BYTES;

export interface ServeOptions extends ChannelServerOptions {
  readonly handler: AgentHandler;
  /** A client that leaves more than this unread is closed as `SLOW_CLIENT`. */
  readonly maxBufferedBytes?: number | undefined;
}

/** An agent that listens. */
export interface AgentServer {
  /** Where clients reach it, with the real port. */
  readonly address: ChannelAddress;
  readonly connections: ReadonlySet<ClientConnection>;
  /** Sends an event to every client that streams. */
  publish(event: AgentEvent): void;
  /** Says goodbye to every client, after what was already answered; resolves when no handle is left. */
  close(): Promise<void>;
}

/** Serves the agent protocol at an address (design section 5). */
export async function serveAgent(options: ServeOptions): Promise<Result<AgentServer, ListenFault>> {
  const { handler, onBug, maxBufferedBytes = MAX_BUFFERED_BYTES } = options;
  const sessions = new Set<AgentSession>();
  let accepted = 0;

  const server = await serveChannels(options, (channel) => {
    accepted += 1;
    const session = new AgentSession(`client-${accepted}`, channel, { handler, onBug, maxBufferedBytes });
    sessions.add(session);
    void session.released.then(() => sessions.delete(session));
    session.start();
  });
  if (!server.ok) return server;

  const farewell = async (): Promise<void> => {
    for (const session of sessions) session.close('SHUTTING_DOWN', 'the agent shuts down');
    await Promise.all([...sessions].map((session) => session.released));
  };
  return ok({
    address: server.value.address,
    connections: sessions,
    publish: (event) => {
      const encoded = Buffer.from(JSON.stringify(event));
      for (const session of sessions) session.publish(event, encoded);
    },
    close: () => server.value.close(farewell),
  });
}
