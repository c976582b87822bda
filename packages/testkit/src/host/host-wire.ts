import type { Socket } from 'node:net';
import { assertNever } from '@hostmesh/core';
import type { WebSocket } from 'ws';
import type { SimDelivery } from '../push/react.ts';

/** Into how many pieces a trickling frame is cut. */
const DRIP_PIECES = 40;

/** One control channel of a simulated host. What it says stays in order, also while a frame trickles. */
export class SimHostWire {
  readonly #ws: WebSocket;
  readonly #socket: Socket;
  /** Frames that wait for the end of a trickling one; null when none trickles. */
  #waiting: string[] | null = null;
  #corked = false;
  /** Number of the last event that the client was told; null when it has not asked for events. */
  toldSeq: number | null = null;

  constructor(ws: WebSocket, socket: Socket) {
    this.#ws = ws;
    this.#socket = socket;
  }

  send(text: string): void {
    this.#write(text);
    this.#flush();
  }

  /** Sends an event together with others of this turn: each write is time that a benchmark waits for. */
  tell(text: string, seq: number): void {
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => this.#flush());
    }
    this.toldSeq = seq;
    this.#write(text);
  }

  #write(text: string): void {
    if (this.#waiting !== null) this.#waiting.push(text);
    else if (this.#ws.readyState === this.#ws.OPEN) this.#socket.write(textFrame(text));
  }

  #flush(): void {
    if (this.#corked) this.#socket.uncork();
    this.#corked = false;
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
export function deliver(wire: SimHostWire, text: string, delivery: SimDelivery): void {
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
 * A text frame as servers send it (RFC 6455 section 5.2), of at least 126 bytes: shorter ones have another form. `ws`
 * would write it in two pieces, and its time is what benchmarks wait for.
 */
function textFrame(json: string): Buffer {
  const text = json.padEnd(126);
  const payloadBytes = Buffer.byteLength(text);
  const isLong = payloadBytes > 0xffff;
  const headBytes = isLong ? 10 : 4;
  const frame = Buffer.allocUnsafe(headBytes + payloadBytes);
  frame.writeUInt16BE(isLong ? 0x817f : 0x817e);
  if (isLong) frame.writeBigUInt64BE(BigInt(payloadBytes), 2);
  else frame.writeUInt16BE(payloadBytes, 2);
  frame.write(text, headBytes);
  return frame;
}
