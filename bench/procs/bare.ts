// What a spawn costs without an engine: bare WebSockets in a process of their own, which looks at nothing but JSON.
import {
  AGENT_PATH,
  PROTOCOL_VERSION,
  SUBPROTOCOL,
  VERSION_HEADER,
  type AgentFrame,
  type AgentRequest,
} from '@hostmesh/protocol';
import { serveCommands } from '@hostmesh/testkit';
import { WebSocket } from 'ws';
import { command, readiness, restart, TTL_MS } from './terms.ts';

const MESH = 'bare-1b';
let sockets: readonly WebSocket[] = [];

const commands = {
  connect: async (ports: readonly number[]): Promise<void> => {
    sockets = await Promise.all(ports.map(connect));
  },
  /** Milliseconds until every host has told that all of its procs are ready. */
  spawn: async (perHost: number): Promise<number> => {
    const began = performance.now();
    await Promise.all(sockets.map((socket, host) => spawn(socket, host, perHost)));
    return performance.now() - began;
  },
};
export type BareCommands = typeof commands;

const connect = (port: number): Promise<WebSocket> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${AGENT_PATH}`, SUBPROTOCOL, {
      perMessageDeflate: false,
      headers: { [VERSION_HEADER]: String(PROTOCOL_VERSION) },
    });
    socket.once('error', reject).once('message', () => resolve(socket));
  });

function spawn(socket: WebSocket, host: number, perHost: number): Promise<void> {
  const owner = { clientId: 'bench', label: 'bench' };
  const procs = Array.from({ length: perHost }, (_, slot) => ({
    procId: `${MESH}-${host * perHost + slot}`,
    rank: host * perHost + slot,
    command,
    bind: null,
    readiness,
    readyTimeoutMs: 0,
    restart,
  }));
  const requests: readonly AgentRequest[] = [
    { type: 'stream_state', id: 'stream', after: null },
    {
      type: 'spawn_procs',
      id: 'spawn',
      procMeshId: MESH,
      hostMeshId: MESH,
      owner,
      procs,
      configDigest: null,
      keep: false,
      ttlMs: TTL_MS,
    },
  ];
  return new Promise((resolve, reject) => {
    let ready = 0;
    socket.once('error', reject);
    socket.on('message', (data: Buffer) => {
      // Trusted here: the floor is what nobody can do without.
      const frame = JSON.parse(data.toString()) as AgentFrame;
      if (frame.type !== 'event' || frame.change.kind !== 'proc_changed') return;
      if (frame.change.proc.status.kind === 'Ready') ready += 1;
      if (ready === perHost) resolve();
    });
    for (const request of requests) socket.send(JSON.stringify(request));
  });
}

serveCommands(commands);
