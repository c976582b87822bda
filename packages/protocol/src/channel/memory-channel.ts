import type { Closed } from '../transport.ts';
import type { CloseReason, FrameChannel, FrameListener } from './frame-channel.ts';

/** Two ends of a channel within this process. Frames arrive in later microtasks, in order. */
export function createMemoryChannels(maxFrameBytes: { readonly client: number; readonly server: number }): {
  readonly client: FrameChannel;
  readonly server: FrameChannel;
} {
  const client = new MemoryChannel(maxFrameBytes.client);
  const server = new MemoryChannel(maxFrameBytes.server);
  client.toPeer = (deliver) => queueMicrotask(() => deliver(server));
  server.toPeer = (deliver) => queueMicrotask(() => deliver(client));
  return { client, server };
}

type MemoryState =
  | { readonly kind: 'unheard'; readonly waiting: string[] }
  | { readonly kind: 'open'; readonly listener: FrameListener }
  | { readonly kind: 'ended' };

class MemoryChannel implements FrameChannel {
  readonly bufferedBytes = 0;
  readonly released: Promise<void>;
  toPeer: (deliver: (peer: MemoryChannel) => void) => void = () => {};
  readonly #release: () => void;
  readonly #maxFrameBytes: number;
  #state: MemoryState = { kind: 'unheard', waiting: [] };

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
    const released = Promise.withResolvers<void>();
    this.released = released.promise;
    this.#release = released.resolve;
  }

  listen(listener: FrameListener): void {
    if (this.#state.kind === 'ended') return;
    const waiting = this.#state.kind === 'unheard' ? this.#state.waiting : [];
    this.#state = { kind: 'open', listener };
    for (const text of waiting) this.receive(text);
  }

  send(payload: string | Buffer): void {
    if (this.#state.kind === 'ended') return;
    const text = payload.toString();
    this.toPeer((peer) => peer.receive(text));
  }

  close(reason: CloseReason, message: string): void {
    this.toPeer((peer) => peer.end({ code: reason, message: `the peer closed the connection: ${reason}` }));
    this.end({ code: reason, message });
  }

  terminate(): void {
    this.toPeer((peer) => peer.end({ code: 'CLOSED', message: 'the peer ended the connection' }));
    this.#state = { kind: 'ended' };
    this.#release();
  }

  receive(text: string): void {
    if (this.#state.kind === 'ended') return;
    if (Buffer.byteLength(text) > this.#maxFrameBytes) {
      this.close('FRAME_TOO_LARGE', `a frame is longer than ${this.#maxFrameBytes} bytes`);
    } else if (this.#state.kind === 'unheard') this.#state.waiting.push(text);
    else this.#state.listener.frame(text);
  }

  end(closed: Closed): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    this.#release();
    if (state.kind === 'open') state.listener.ended(closed);
  }
}
