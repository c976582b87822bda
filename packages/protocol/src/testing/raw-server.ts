import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { TcpAddress } from '@hostmesh/core';

/** A TCP server that knows no protocol; ends its connections when disposed. */
export interface RawServer extends AsyncDisposable {
  readonly address: TcpAddress;
}

const loopback = (port: number): TcpAddress => ({ kind: 'tcp', host: '127.0.0.1', port });

export async function serveRaw(onSocket: (socket: Socket) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Clients hang up on what they do not understand.
    socket.on('error', () => socket.destroy());
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('not on a port');
  return {
    address: loopback(bound.port),
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

const neverAccepts = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;

/** A port whose kernel queue takes a few connections that nobody accepts, and then lets SYN packets vanish. */
export async function serveNothing(): Promise<RawServer> {
  const worker = new Worker(neverAccepts, { eval: true });
  // The worker posts nothing but its port.
  const [port] = (await once(worker, 'message')) as [number];
  return {
    address: loopback(port),
    [Symbol.asyncDispose]: async () => {
      await worker.terminate();
    },
  };
}
