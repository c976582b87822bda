import type { Closed } from '../transport.ts';

/** Ways in which this package ends a channel; the peer reads the name in the close frame. */
export const closeCodes = {
  CLOSED: 1000,
  SHUTTING_DOWN: 1001,
  BAD_FRAME: 1007,
  SLOW_CLIENT: 1008,
  PROTOCOL_VERSION: 1002,
  FRAME_TOO_LARGE: 1009,
  /** The number that IANA's registry has for it. */
  UNAUTHORIZED: 3000,
} as const;
export type CloseReason = keyof typeof closeCodes;

/** Hears what comes over a channel. */
export interface FrameListener {
  frame(text: string): void;
  /** Once, at the first sign that nothing more will come; never after our own `terminate`. */
  ended(closed: Closed): void;
}

/**
 * Whole text frames in both directions, over a WebSocket or in memory. Client and agent are written against this,
 * so everything above it behaves the same on every kind of address.
 */
export interface FrameChannel {
  /** Delivers frames from now on; frames that came before wait for the first listener. */
  listen(listener: FrameListener): void;
  /** Buffers must not change afterwards: the encoded frame is kept and shared between channels. */
  send(payload: string | Buffer): void;
  /** Bytes that the peer has not taken yet. */
  readonly bufferedBytes: number;
  /** Says why and ends in order; frames that come later are dropped. The listener hears `ended` at once. */
  close(reason: CloseReason, message: string): void;
  /** Ends without a word, at once. */
  terminate(): void;
  /** Resolves when no handle is left. */
  readonly released: Promise<void>;
}
