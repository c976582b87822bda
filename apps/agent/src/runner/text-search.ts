import { StringDecoder } from 'node:string_decoder';
import type { OutputStream } from '../output/proc-log.ts';

/** Looks for a text in the bytes of two streams, each by itself, wherever they were cut. */
export class TextSearch {
  readonly #wanted: string;
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };
  /** Ends of what was seen, in which the text may have begun. */
  readonly #ends: Record<OutputStream, string> = { stdout: '', stderr: '' };

  constructor(wanted: string) {
    this.#wanted = wanted;
  }

  /** Whether the text is there with these bytes. */
  finds(stream: OutputStream, bytes: Buffer): boolean {
    const seen = this.#ends[stream] + this.#decoders[stream].write(bytes);
    this.#ends[stream] = seen.slice(Math.max(0, seen.length - this.#wanted.length + 1));
    return seen.includes(this.#wanted);
  }
}
