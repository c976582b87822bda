import type { Socket } from 'node:net';
import { assertNever } from '@hostmesh/core';
import type { WebSocket } from 'ws';
import type { Delivery } from '../host/reaction.ts';

/** Into how many pieces a trickling frame is cut. */
const DRIP_PIECES = 40;

/** One control channel of a simulated host. What it says stays in order, also while a frame trickles. */
export class HostWire {
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  /** Frames that wait for the end of a trickling one; null when none trickles. */
  #waiting: string[] | null = null;
  /** Whether the client has asked for events. */
  streaming = false;

  constructor(ws: WebSocket, socket: Socket) {
    this.#ws = ws;
    this.#socket = socket;
  }

  send(text: string): void {
    if (this.#waiting !== null) this.#waiting.push(text);
    else if (this.#ws.readyState === this.#ws.OPEN) this.#socket.write(textFrame(text));
  }

  sendLater(text: string, afterMs: number): void {
    const timer = setTimeout(() => this.send(text), afterMs);
    this.#ws.once('close', () => clearTimeout(timer));
  }

  /** Sends the bytes of a frame in pieces, evenly over `overMs`. */
  drip(text: string, overMs: number): void {
    if (this.#waiting !== null) return this.send(text);
    this.#waiting = [];
    const frame = textFrame(text);
    const pieceBytes = Math.ceil(frame.length / DRIP_PIECES);
    let sentBytes = 0;
    const timer = setInterval(
      () => {
        this.#socket.write(frame.subarray(sentBytes, (sentBytes += pieceBytes)));
        if (sentBytes < frame.length) return;
        clearInterval(timer);
        const waiting = this.#waiting ?? [];
        this.#waiting = null;
        for (const next of waiting) this.send(next);
      },
      (overMs * pieceBytes) / frame.length,
    );
    this.#ws.once('close', () => clearInterval(timer));
  }

  /** Ends at once, without a word. */
  drop(): void {
    this.#ws.terminate();
  }

  /** Ends in order, after what was sent. */
  close(): void {
    this.#ws.close(1001, 'SHUTTING_DOWN');
  }
}

/** Puts an answer onto the wire in the given way. */
export function deliver(wire: HostWire, text: string, delivery: Delivery): void {
  switch (delivery.kind) {
    case 'at_once':
      return wire.send(text);
    case 'twice':
      wire.send(text);
      return wire.send(text);
    case 'late':
      return wire.sendLater(text, delivery.afterMs);
    case 'drip':
      return wire.drip(text, delivery.overMs);
    default:
      return assertNever(delivery);
  }
}

/**
 * A text frame as servers send it (RFC 6455 section 5.2), of a length that takes two bytes: 126 to 65,535. `ws` would
 * write it in two pieces, and its time is what benchmarks wait for.
 */
function textFrame(json: string): Buffer {
  const text = json.padEnd(126);
  const payloadBytes = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(4 + payloadBytes);
  frame.writeUInt16BE(0x817e);
  frame.writeUInt16BE(payloadBytes, 2);
  frame.write(text, 4);
  return frame;
}
