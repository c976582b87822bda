import type { Readable } from 'node:stream';
import type { Caller, Credentials } from '../auth/credentials.ts';
import { networkOf } from '../auth/failure-limiter.ts';
import type { RouteFault } from '../problem/route-fault.ts';

/** Who reads a stream, and by what they were let in. */
export interface StreamReader {
  readonly tokenId: string;
  readonly address: string;
  readonly credentials: Credentials;
}

/** How many streams are open at a time, and how often it is looked whether their readers may still read. */
export interface StreamLimits {
  readonly perToken: number;
  readonly perAddress: number;
  readonly lookMs: number;
}

const usual: StreamLimits = { perToken: 200, perAddress: 100, lookMs: 2000 };

/**
 * The answers that go on for long: events, output, files. One ends with what it was opened with: a session that was left or has
 * expired, a token that was revoked, whichever API was told of it.
 */
export class OpenStreams {
  readonly #limits: StreamLimits;
  readonly #authenticate: (credentials: Credentials) => Promise<Caller | undefined>;
  readonly #open = new Map<Readable, StreamReader>();
  readonly #timer: NodeJS.Timeout;
  #looking = false;

  constructor(
    authenticate: (credentials: Credentials) => Promise<Caller | undefined>,
    limits: Partial<StreamLimits> = {},
  ) {
    this.#authenticate = authenticate;
    this.#limits = { ...usual, ...limits };
    this.#timer = setInterval(() => void this.#look(), this.#limits.lookMs);
    this.#timer.unref();
  }

  /** Counts a stream until it closes. One too many is ended at once, and the fault says which limit is reached. */
  admit(stream: Readable, reader: StreamReader): RouteFault | null {
    const others = [...this.#open.values()];
    const network = networkOf(reader.address);
    const ofToken = others.filter(({ tokenId }) => tokenId === reader.tokenId).length;
    const ofAddress = others.filter(({ address }) => networkOf(address) === network).length;
    const { perToken, perAddress } = this.#limits;
    if (ofToken >= perToken || ofAddress >= perAddress) {
      stream.destroy();
      const which =
        ofToken >= perToken ? `with this token (${perToken})` : `from this address (${perAddress})`;
      const message = `As many streams are open ${which} as may be at a time: close some of them first.`;
      return { code: 'rate_limited', message, headers: { 'retry-after': '5' } };
    }
    this.#open.set(stream, reader);
    stream.once('close', () => this.#open.delete(stream));
    return null;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** Asks once for all streams that were opened with the same. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    const same = Map.groupBy(this.#open, ([, { credentials }]) => JSON.stringify(credentials));
    await Promise.all(Array.from(same.values(), (streams) => this.#lookAt(streams)));
    this.#looking = false;
  }

  async #lookAt(streams: readonly (readonly [Readable, StreamReader])[]): Promise<void> {
    const credentials = streams[0]?.[1].credentials ?? {};
    try {
      if ((await this.#authenticate(credentials)) !== undefined) return;
    } catch {
      // The database does not tell: nobody is known to have left.
      return;
    }
    for (const [stream] of streams) stream.destroy();
  }
}
