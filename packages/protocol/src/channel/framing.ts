import type { Writable } from 'node:stream';
import * as ws from 'ws';

/** The frame parser of `ws`: a sink for bytes that emits `message`, `ping`, `conclude` and `error`. */
export interface FrameReceiver extends Pick<Writable, 'write'> {
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): this;
  on(event: 'conclude', listener: (code: number, reason: Buffer) => void): this;
  on(event: 'ping' | 'pong', listener: (data: Buffer) => void): this;
  on(event: 'error', listener: (error: Error & { code?: string }) => void): this;
}

interface Framing {
  readonly Receiver: new (options: {
    isServer: boolean;
    maxPayload: number;
    maxFragments: number;
    maxBufferedChunks: number;
  }) => FrameReceiver;
  readonly Sender: {
    frame(
      data: Buffer,
      options: { fin: boolean; opcode: number; mask: boolean; readOnly: boolean },
    ): Buffer[];
  };
}
// `ws` exports both classes, its type package leaves them out.
const { Receiver, Sender } = ws as unknown as Framing;

export const opcodes = { text: 1, close: 8, pong: 10 } as const;

/** Parses the frames of the other side; refuses messages over `maxFrameBytes` before they are read. */
export function createReceiver(role: 'client' | 'server', maxFrameBytes: number): FrameReceiver {
  return new Receiver({
    isServer: role === 'server',
    maxPayload: maxFrameBytes,
    maxFragments: 1024,
    maxBufferedChunks: 65_536,
  });
}

/** One frame as one buffer. Clients mask, as RFC 6455 section 5.3 demands. */
export function frameOf(payload: Buffer, opcode: number, mask: boolean): Buffer {
  const parts = Sender.frame(payload, { fin: true, opcode, mask, readOnly: true });
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}
