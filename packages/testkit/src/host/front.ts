import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import {
  AGENT_PATH,
  agentSide,
  isNonce,
  MAX_FRAME_BYTES,
  NONCE_HEADER,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  VERSION_HEADER,
  type AgentKey,
  type AgentSide,
} from '@hostmesh/protocol';
import { WebSocketServer, type WebSocket } from 'ws';

/** Speaks HTTP on a socket, and calls back if that becomes a control channel. */
export type SimFront = (socket: Socket, onOpen: Opened) => void;
/** `side` tells whether the client proves itself, and seals the hello. */
type Opened = (ws: WebSocket, side: AgentSide) => void;

/**
 * Serves the sockets of all hosts of a process. It is the stock server of `ws`, not the one of our agents, so that
 * our client is also tried against an implementation that is not ours.
 */
export function createFront(agentKey: AgentKey): SimFront {
  const opening = new WeakMap<Socket, Opened>();
  const sides = new WeakMap<IncomingMessage, AgentSide>();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  });
  sockets.on('headers', (lines, request) => {
    const said = { [VERSION_HEADER]: PROTOCOL_VERSION, ...sides.get(request)?.headers };
    lines.push(...Object.entries(said).map(([name, value]) => `${name}: ${value}`));
  });
  const http = createServer((_request, response) => response.end('simulated host\n'));
  http.on('upgrade', (request, duplex, head) => {
    // This server is handed nothing but TCP sockets.
    const socket = duplex as Socket;
    const refuse = (status: string): void =>
      void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
    const { url, headers } = request;
    if (url !== AGENT_PATH) return refuse('404 Not Found');
    const { [NONCE_HEADER]: nonce } = headers;
    if (!isNonce(nonce)) return refuse('401 Unauthorized');
    if (headers['sec-websocket-protocol'] !== SUBPROTOCOL) return refuse('400 Bad Request');
    const side = agentSide(agentKey, nonce);
    sides.set(request, side);
    // Handshake and hello leave in one segment, as from a real agent.
    socket.cork();
    sockets.handleUpgrade(request, socket, head, (ws) => opening.get(socket)?.(ws, side));
    socket.uncork();
  });
  return (socket, onOpen) => {
    opening.set(socket, onOpen);
    http.emit('connection', socket);
  };
}
