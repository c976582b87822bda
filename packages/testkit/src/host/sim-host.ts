import type { Socket } from 'node:net';
import { assertNever, printAddress, type TcpAddress } from '@hostmesh/core';
import {
  encodeAnswer,
  type AgentChange,
  type AgentEvent,
  type AgentSide,
  type Owner,
  type ProcReport,
} from '@hostmesh/protocol';
import type { WebSocket } from 'ws';
import type { SimFault } from '../fault/sim-fault.ts';
import type { SimProcEvent } from '../proc/step-sim-proc.ts';
import { currentConfig } from '../push/client-layers.ts';
import { react, type SimReaction } from '../push/react.ts';
import type { RequestFrame } from '../push/request-frame.ts';
import {
  changeBetween,
  incarnationOf,
  newSimHost,
  restarted,
  simHello,
  type SimHostState,
  type SimLoss,
} from '../push/sim-host-state.ts';
import type { SimFront } from './front.ts';
import { LOOPBACK, SimHostPort } from './host-port.ts';
import { deliver, SimHostWire } from './host-wire.ts';
import { SimHostService, type ServedReply } from './sim-host-service.ts';
import type { SimHostTruth } from './sim-host-truth.ts';

/** What the hosts of a process have in common. */
export interface SimHostDeps {
  readonly front: SimFront;
  readonly readFrame: (bytes: Buffer) => RequestFrame | undefined;
  /** Where refusing hosts connect to, to keep their port. */
  readonly sink: SimHostPort;
}

/** One simulated host: what it remembers, its port and its connections. */
export class SimHost implements SimHostTruth {
  readonly rank: number;
  readonly #shared: SimHostDeps;
  readonly #port: SimHostPort;
  readonly #sockets = new Set<Socket>();
  readonly #wires = new Set<SimHostWire>();
  readonly #service = new SimHostService({
    state: () => this.#state,
    setLifecycle: (lifecycle) => this.#become({ ...this.#state, lifecycle }),
    tell: (change) => this.#tell(change),
  });
  #state: SimHostState;
  #fault: SimFault = { kind: 'healthy' };
  #dials = 0;

  constructor(rank: number, idPrefix: string, port: number, shared: SimHostDeps) {
    this.rank = rank;
    this.#shared = shared;
    this.#state = newSimHost(`${idPrefix}-${rank}`);
    this.#port = new SimHostPort(port, (socket) => this.#dialled(socket));
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
  get procs(): readonly ProcReport[] {
    return this.#service.procs.reports;
  }

  /** Rejects with `port_taken`. */
  open(): Promise<void> {
    return this.#port.open();
  }

  /** Something happens to procs: to that one, or to all. */
  happen(event: SimProcEvent, procId?: string): void {
    const ids = procId === undefined ? this.procs.map((report) => report.procId) : [procId];
    for (const id of ids) this.#service.procs.step(id, event);
  }

  async setFault(fault: SimFault): Promise<void> {
    this.#fault = fault;
    if (!isFrozen(fault)) this.#catchUp();
    if (fault.kind !== 'refuse') return this.#port.open();
    await this.#port.refuse(this.#shared.sink.port);
    this.#disconnect();
  }

  /** Dies and is back at once: connections end, the incarnation is new. */
  async restart(lost?: SimLoss): Promise<void> {
    this.#state = restarted(this.#state, lost);
    this.#disconnect();
    this.#service.restarted();
    if (this.#fault.kind !== 'refuse') await this.#port.open();
  }

  async close(): Promise<void> {
    this.#service.procs.close();
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
      return this.#shared.front(socket, (ws, side) => this.#opened(ws, side, socket));
    // Read what comes, so that the end of the connection is noticed.
    socket.resume();
  }

  #opened(ws: WebSocket, side: AgentSide, socket: Socket): void {
    const wire = new SimHostWire(ws, socket);
    this.#wires.add(wire);
    ws.on('close', () => this.#wires.delete(wire));
    ws.on('error', () => ws.terminate());
    let isProven = false;
    ws.on('message', (bytes: Buffer) => {
      if (!isProven) {
        isProven = side.admits(bytes.toString());
        if (!isProven) ws.close(3000, 'UNAUTHORIZED');
        return;
      }
      const frame = this.#shared.readFrame(bytes);
      if (frame === undefined) ws.close(1007, 'BAD_FRAME');
      else this.#serve(wire, frame);
    });
    wire.send(side.seal(JSON.stringify(simHello(this.#state, this.#service.events.seq))));
  }

  #serve(wire: SimHostWire, frame: RequestFrame): void {
    const [after, reaction] = react(this.#state, this.#fault, frame);
    switch (reaction.kind) {
      case 'silent':
        break;
      case 'drop':
        wire.drop();
        break;
      case 'garbage':
        wire.send('}{ this is no answer');
        break;
      case 'restart':
        this.#state = after;
        this.#disconnect();
        return this.#service.restarted();
      case 'serve':
        // It may change the state by itself.
        return this.#answer(wire, frame, reaction);
      case 'answer':
        deliver(wire, encodeAnswer(frame.request.id, reaction.reply), reaction.delivery);
        break;
      default:
        return assertNever(reaction);
    }
    this.#become(after);
  }

  #answer(wire: SimHostWire, { request }: RequestFrame, how: Extract<SimReaction, { kind: 'serve' }>): void {
    // What a host reacts to by itself does not get here: see `react`.
    const reply = this.#service.answer(request as Parameters<SimHostService['answer']>[0]);
    const say = (settled: ServedReply): void => {
      if (how.lost) return wire.drop();
      // Only what can be encoded: a replay is no part of an answer.
      const { replay, ...answer } = settled;
      deliver(wire, encodeAnswer(request.id, answer), how.delivery);
      if (request.type === 'stream_state') this.#stream(wire, replay ?? []);
      if (request.type === 'shutdown_host') void this.#leave();
    };
    if (reply instanceof Promise) void reply.then(say);
    else say(reply);
  }

  #stream(wire: SimHostWire, replay: readonly AgentEvent[]): void {
    wire.toldSeq = this.#service.events.seq;
    for (const event of replay) wire.tell(JSON.stringify(event), event.seq);
  }

  #become(after: SimHostState): void {
    const change = changeBetween(this.#state, after);
    this.#state = after;
    if (change !== null) this.#tell(change);
    if (change?.kind === 'client_config_changed') this.#service.procs.configChanged();
  }

  #tell(change: AgentChange): void {
    const event = this.#service.events.append(change);
    if (isFrozen(this.#fault)) return;
    const streaming = [...this.#wires].filter((wire) => wire.toldSeq !== null);
    if (streaming.length === 0) return;
    const text = JSON.stringify(event);
    for (const wire of streaming) wire.tell(text, event.seq);
  }

  /** Tells what happened while the host was frozen; clients that have missed too much start anew. */
  #catchUp(): void {
    for (const wire of this.#wires) {
      if (wire.toldSeq === null) continue;
      const missed = this.#service.events.after(wire.toldSeq);
      if (missed === null) wire.drop();
      else for (const event of missed) wire.tell(JSON.stringify(event), event.seq);
    }
  }

  /** Out of service, after what was already answered. */
  async #leave(): Promise<void> {
    for (const wire of this.#wires) wire.close();
    await this.#port.refuse(this.#shared.sink.port);
  }
}

const isFrozen = ({ kind }: SimFault): boolean => kind === 'hang_after_accept' || kind === 'hang_after_hello';
