import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { AGENT_PATH, MAX_FRAME_BYTES, SUBPROTOCOL } from '@hostmesh/protocol';
import { WebSocketServer, type WebSocket } from 'ws';

/** Speaks HTTP on a socket, and calls back if that becomes a control channel. */
export type SimFront = (socket: Socket, onOpen: (ws: WebSocket) => void) => void;

/**
 * Serves the sockets of all hosts of a process. It is the stock server of `ws`, not the one of our agents, so that
 * our client is also tried against an implementation that is not ours.
 */
export function createFront(agentKey: string | undefined): SimFront {
  const opening = new WeakMap<Socket, (ws: WebSocket) => void>();
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
  });
  const http = createServer((_request, response) => response.end('simulated host\n'));
  http.on('upgrade', (request, duplex, head) => {
    // This server is handed nothing but TCP sockets.
    const socket = duplex as Socket;
    const refuse = (status: string): void =>
      void socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
    const { url, headers } = request;
    if (url !== AGENT_PATH) return refuse('404 Not Found');
    if (agentKey !== undefined && headers.authorization !== `Bearer ${agentKey}`)
      return refuse('401 Unauthorized');
    if (headers['sec-websocket-protocol'] !== SUBPROTOCOL) return refuse('400 Bad Request');
    // Handshake and hello leave in one segment, as from a real agent.
    socket.cork();
    sockets.handleUpgrade(request, socket, head, (ws) => opening.get(socket)?.(ws));
    socket.uncork();
  });
  return (socket, onOpen) => {
    opening.set(socket, onOpen);
    http.emit('connection', socket);
  };
}
