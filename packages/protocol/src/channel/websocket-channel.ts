import type { Socket } from 'node:net';
import type { Closed } from '../transport.ts';
import { closeCodes, type CloseReason, type FrameChannel, type FrameListener } from './frame-channel.ts';
import { createReceiver, frameOf, opcodes, type FrameReceiver } from './framing.ts';
import { readSocketError } from './socket-error.ts';

/** How long a peer may take to end its side after we said goodbye. */
const CLOSE_GRACE_MS = 1_000;
/** What a close frame holds at most (RFC 6455 section 5.5). */
const MAX_CLOSE_BYTES = 125;

type ChannelState =
  | { readonly kind: 'open'; listener: FrameListener | null }
  /** We or the peer said goodbye: what still comes is read and dropped, so that our last frame is not lost to a reset. */
  | { readonly kind: 'closing'; readonly grace: NodeJS.Timeout }
  | { readonly kind: 'released' };

/**
 * Encoded frames of payloads that go to many channels. A client's is masked once, not once per channel: that would be
 * a fifth of its time for a push. RFC 6455 section 10.3 wants fresh masks because web pages choose what browsers send
 * through proxies; whoever chooses our bytes has our agent key already.
 */
const sharedFrames = { client: new WeakMap<Buffer, Buffer>(), server: new WeakMap<Buffer, Buffer>() };

/** A WebSocket after its handshake, on either side. */
export class WebSocketChannel implements FrameChannel {
  readonly released: Promise<void>;
  readonly #socket: Socket;
  readonly #role: 'client' | 'server';
  readonly #receiver: FrameReceiver;
  readonly #head: Buffer;
  #state: ChannelState = { kind: 'open', listener: null };

  /** `head` is what the peer sent after its handshake, if anything came with it. */
  constructor(socket: Socket, role: 'client' | 'server', maxFrameBytes: number, head: Buffer) {
    this.#socket = socket;
    this.#role = role;
    this.#head = head;
    this.#receiver = createReceiver(role, maxFrameBytes);
    const released = Promise.withResolvers<void>();
    this.released = released.promise;

    this.#receiver.on('message', (data, isBinary) => {
      if (isBinary) this.close('BAD_FRAME', 'binary frames are not part of the protocol');
      else if (this.#state.kind === 'open') this.#state.listener?.frame(data.toString());
    });
    this.#receiver.on('ping', (data) => {
      // A peer that pings and does not read gets no more pongs.
      if (!socket.writableNeedDrain) this.#write(frameOf(data, opcodes.pong, role === 'client'));
    });
    this.#receiver.on('conclude', (_code, reason) => this.#leave(closedByPeer(reason.toString())));
    this.#receiver.on('error', (error) => {
      if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
        this.close('FRAME_TOO_LARGE', `a frame is longer than ${maxFrameBytes} bytes`);
      } else this.close('BAD_FRAME', error.message);
    });
    socket.on('error', (error) => {
      const { code, message } = readSocketError(error);
      this.#leave({ code, message });
    });
    socket.on('end', () => this.#leave({ code: 'CLOSED', message: 'the peer ended the connection' }));
    socket.on('close', () => {
      this.#leave({ code: 'CLOSED', message: 'the connection was lost' });
      if (this.#state.kind === 'closing') clearTimeout(this.#state.grace);
      this.#state = { kind: 'released' };
      released.resolve();
    });
  }

  listen(listener: FrameListener): void {
    if (this.#state.kind !== 'open') return;
    const first = this.#state.listener === null;
    this.#state.listener = listener;
    if (!first) return;
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    if (this.#head.length > 0) this.#read(this.#head);
  }

  send(payload: string | Buffer): void {
    if (this.#state.kind !== 'open') return;
    const mask = this.#role === 'client';
    if (typeof payload === 'string') {
      this.#write(frameOf(Buffer.from(payload), opcodes.text, mask));
      return;
    }
    const shared = sharedFrames[this.#role];
    let frame = shared.get(payload);
    if (frame === undefined) shared.set(payload, (frame = frameOf(payload, opcodes.text, mask)));
    this.#write(frame);
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  close(reason: CloseReason, message: string): void {
    this.#leave({ code: reason, message }, closeCodes[reason]);
  }

  terminate(): void {
    if (this.#state.kind === 'open') this.#state.listener = null;
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#state.kind === 'open') this.#receiver.write(chunk);
  }

  #write(frame: Buffer): void {
    if (this.#state.kind === 'open') this.#socket.write(frame);
  }

  #leave(closed: Closed, status: number = closeCodes.CLOSED): void {
    if (this.#state.kind !== 'open') return;
    const { listener } = this.#state;
    const grace = setTimeout(() => this.#socket.destroy(), CLOSE_GRACE_MS);
    this.#state = { kind: 'closing', grace };
    if (!this.#socket.destroyed) {
      const payload = Buffer.from(`\0\0${closed.code}: ${closed.message}`).subarray(0, MAX_CLOSE_BYTES);
      payload.writeUInt16BE(status);
      this.#socket.end(frameOf(payload, opcodes.close, this.#role === 'client'));
    }
    listener?.ended(closed);
  }
}

/** Our own agents and clients put one of our names first in the close frame; anything else is just closed. */
function closedByPeer(reason: string): Closed {
  const code = /^([A-Z_]{1,40})(?:$|: )/.exec(reason)?.[1];
  return code === undefined
    ? { code: 'CLOSED', message: 'the peer closed the connection' }
    : { code, message: `the peer closed the connection: ${code}` };
}
