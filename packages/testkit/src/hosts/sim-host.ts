import type { Socket } from 'node:net';
import { assertNever, printAddress, type TcpAddress } from '@hostmesh/core';
import { type AgentChange, type AgentEvent, encodeAnswer, type Owner } from '@hostmesh/protocol';
import type { WebSocket } from 'ws';
import type { SimFault } from '../fault/fault.ts';
import { currentConfig } from '../host/client-layers.ts';
import { react } from '../host/react.ts';
import type { RequestFrame } from '../host/request-frame.ts';
import { changeBetween, helloOf, type HostState, incarnationOf, newHost, restarted } from '../host/state.ts';
import type { Front } from './front.ts';
import { HostPort, LOOPBACK } from './port.ts';
import type { SimHostTruth } from './truth.ts';
import { deliver, HostWire } from './wire.ts';

/** What the hosts of a process have in common. */
export interface Shared {
  readonly front: Front;
  readonly readFrame: (bytes: Buffer) => RequestFrame | undefined;
  /** Where refusing hosts connect to, to keep their port. */
  readonly sink: HostPort;
}

/** One simulated host: what it remembers, its port and its connections. */
export class SimHost implements SimHostTruth {
  readonly rank: number;
  readonly #shared: Shared;
  readonly #port: HostPort;
  readonly #sockets = new Set<Socket>();
  readonly #wires = new Set<HostWire>();
  #state: HostState;
  #fault: SimFault = { kind: 'healthy' };
  #dials = 0;

  constructor(rank: number, idPrefix: string, port: number, shared: Shared) {
    this.rank = rank;
    this.#shared = shared;
    this.#state = newHost(`${idPrefix}-${rank}`);
    this.#port = new HostPort(port, (socket) => this.#dialled(socket));
  }

  get channel(): TcpAddress {
    return { kind: 'tcp', host: LOOPBACK, port: this.#port.port };
  }
  get address(): string {
    return printAddress(this.channel);
  }
  get hostId(): string {
    return this.#state.hostId;
  }
  get incarnation(): string {
    return incarnationOf(this.#state);
  }
  get fault(): SimFault {
    return this.#fault;
  }
  get installedDigest(): string | null {
    return currentConfig(this.#state.layers)?.digest ?? null;
  }
  get installedOwner(): Owner | null {
    return currentConfig(this.#state.layers)?.owner ?? null;
  }
  get epoch(): number {
    return this.#state.layers.seenEpoch;
  }
  get restored(): boolean {
    return this.#state.restored;
  }
  get pushes(): number {
    return this.#state.pushes;
  }
  get dials(): number {
    return this.#dials;
  }
  get connections(): number {
    return this.#sockets.size;
  }

  /** Rejects with `port_taken`. */
  open(): Promise<void> {
    return this.#port.open();
  }

  async setFault(fault: SimFault): Promise<void> {
    this.#fault = fault;
    if (fault.kind !== 'refuse') return this.#port.open();
    await this.#port.refuse(this.#shared.sink.port);
    this.#disconnect();
  }

  /** Dies and is back at once: connections end, config is gone, the incarnation is new. */
  async restart(): Promise<void> {
    this.#state = restarted(this.#state);
    this.#disconnect();
    if (this.#fault.kind !== 'refuse') await this.#port.open();
  }

  async close(): Promise<void> {
    const closed = this.#port.close();
    this.#disconnect();
    await closed;
  }

  #disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #dialled(socket: Socket): void {
    this.#dials += 1;
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    if (this.#fault.kind !== 'hang_after_accept')
      return this.#shared.front(socket, (ws) => this.#opened(ws, socket));
    // Read what comes, so that the end of the connection is noticed.
    socket.resume();
  }

  #opened(ws: WebSocket, socket: Socket): void {
    const wire = new HostWire(ws, socket);
    this.#wires.add(wire);
    ws.on('close', () => this.#wires.delete(wire));
    ws.on('error', () => ws.terminate());
    ws.on('message', (bytes: Buffer) => {
      const frame = this.#shared.readFrame(bytes);
      if (frame === undefined) ws.close(1007, 'BAD_FRAME');
      else this.#serve(wire, frame);
    });
    wire.send(JSON.stringify(helloOf(this.#state)));
  }

  #serve(wire: HostWire, frame: RequestFrame): void {
    const before = this.#state;
    const [after, reaction] = react(before, this.#fault, frame);
    this.#state = after;
    switch (reaction.kind) {
      case 'silent':
        return;
      case 'drop':
        wire.drop();
        break;
      case 'garbage':
        return wire.send('}{ this is no answer');
      case 'restart':
        return this.#disconnect();
      case 'answer':
        deliver(wire, encodeAnswer(frame.request.id, reaction.reply), reaction.delivery);
        break;
      default:
        return assertNever(reaction);
    }
    if (frame.request.type === 'stream_state') wire.streaming = true;
    this.#tell(changeBetween(before, after));
    if (after.lifecycle === 'shutdown') void this.#leave();
  }

  #tell(change: AgentChange | null): void {
    if (change === null) return;
    const seq = this.#state.seq + 1;
    this.#state = { ...this.#state, seq };
    const streaming = [...this.#wires].filter((wire) => wire.streaming);
    if (streaming.length === 0) return;
    const event = JSON.stringify({ type: 'event', seq, at: Date.now(), change } satisfies AgentEvent);
    for (const wire of streaming) wire.send(event);
  }

  /** Out of service, after what was already answered. */
  async #leave(): Promise<void> {
    for (const wire of this.#wires) wire.close();
    await this.#port.refuse(this.#shared.sink.port);
  }
}
