import type { CloseReason, FrameChannel, FrameListener } from '../channel/frame-channel.ts';
import type { Closed } from '../transport.ts';
import type { AgentSide } from './proof.ts';

/** How long a client may take to prove itself. */
const PROOF_MS = 10_000;

/**
 * An agent's channel to a client that has yet to prove itself. Its first frame, the hello, goes out sealed; nothing that
 * comes in is heard before a proof, and what is no proof ends the channel.
 */
export class GuardedChannel implements FrameChannel, FrameListener {
  readonly #channel: FrameChannel;
  readonly #side: AgentSide;
  readonly #onProven: () => void;
  readonly #timer: NodeJS.Timeout;
  #hasGreeted = false;
  #listener: FrameListener | null = null;

  constructor(channel: FrameChannel, side: AgentSide, onProven: () => void) {
    this.#channel = channel;
    this.#side = side;
    this.#onProven = onProven;
    this.#timer = setTimeout(() => this.#refuse('the client does not prove that it has the key'), PROOF_MS);
    void channel.released.then(() => clearTimeout(this.#timer));
  }

  listen(listener: FrameListener): void {
    this.#listener = listener;
    this.#channel.listen(this);
  }

  send(payload: string | Buffer): void {
    if (this.#hasGreeted) return this.#channel.send(payload);
    this.#hasGreeted = true;
    this.#channel.send(this.#side.seal(payload.toString()));
  }

  frame(text: string): void {
    if (!this.#side.admits(text)) return this.#refuse('this is no proof of the key');
    clearTimeout(this.#timer);
    this.#onProven();
    if (this.#listener !== null) this.#channel.listen(this.#listener);
  }

  ended(closed: Closed): void {
    this.#listener?.ended(closed);
  }

  get bufferedBytes(): number {
    return this.#channel.bufferedBytes;
  }

  get released(): Promise<void> {
    return this.#channel.released;
  }

  close(reason: CloseReason, message: string): void {
    this.#channel.close(reason, message);
  }

  terminate(): void {
    this.#channel.terminate();
  }

  #refuse(message: string): void {
    this.#channel.close('UNAUTHORIZED', message);
  }
}
