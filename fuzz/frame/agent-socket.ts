import {
  AGENT_PATH,
  NONCE_HEADER,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  VERSION_HEADER,
  type AgentKey,
} from '@hostmesh/protocol';
import { clientSide, newNonce, PROOF_HEADER, type ClientSide } from '@hostmesh/protocol/testing';
import WebSocket from 'ws';

/** A connection that an agent has accepted, and what came over it. */
export interface AgentSocket {
  readonly socket: WebSocket;
  /** The client's part in the proof. */
  readonly side: ClientSide;
  /** Every frame of the agent, as it came. */
  readonly frames: readonly string[];
  /** The code with which it was closed, once it is. */
  readonly closed: Promise<number>;
}

const OPEN_MS = 10_000;

/** Connects as a console does, up to the proof: that is the caller's to send. */
export function openAgentSocket(address: string, key: AgentKey): Promise<AgentSocket> {
  const nonce = newNonce();
  const socket = new WebSocket(`ws://${address.replace('tcp:', '')}${AGENT_PATH}`, SUBPROTOCOL, {
    headers: { [VERSION_HEADER]: String(PROTOCOL_VERSION), [NONCE_HEADER]: nonce },
    handshakeTimeout: OPEN_MS,
  });
  const frames: string[] = [];
  socket.on('message', (data) => frames.push(data.toString()));
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.once('upgrade', ({ headers }) => {
      const nonces = { client: nonce, agent: String(headers[NONCE_HEADER]) };
      const side = clientSide(key, nonces, String(headers[PROOF_HEADER]));
      if (side === undefined) return reject(new Error('the agent does not prove that it has the key'));
      socket.once('open', () => resolve({ socket, side, frames, closed }));
    });
  });
}
