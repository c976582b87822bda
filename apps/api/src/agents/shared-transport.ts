import { addressKey, fail, ok, type ChannelAddress, type Result } from '@hostmesh/core';
import type { ConnectFault, Connection, ConnectOptions, Transport } from '@hostmesh/protocol';

type Connected = Result<Connection, ConnectFault>;

interface Entry {
  readonly opening: Promise<Connected>;
  users: number;
  idle: NodeJS.Timeout | null;
}

/** How long a connection that nobody uses is kept for the next. */
const IDLE_MS = 2000;
/** Of a dial that several wait for; each of them may give up earlier. */
const DIAL_MS = 10_000;

/**
 * A transport whose users of one host share a connection, as long as there are any. For questions that come in
 * bursts, many for each host.
 */
export class SharedTransport implements Transport {
  readonly #transport: Transport;
  readonly #entries = new Map<string, Entry>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async connect(address: ChannelAddress, { signal }: ConnectOptions = {}): Promise<Connected> {
    const key = addressKey(address);
    const entry = this.#entries.get(key) ?? this.#open(key, address);
    if (entry.idle !== null) clearTimeout(entry.idle);
    entry.idle = null;
    entry.users += 1;
    const connected = await Promise.race([entry.opening, abortOf(signal)]);
    if (connected.ok) return ok(this.#shared(key, entry, connected.value));
    this.#leave(key, entry);
    return connected;
  }

  /** Ends the connections that are open. */
  async close(): Promise<void> {
    for (const [key, entry] of this.#entries) this.#end(key, entry);
  }

  #open(key: string, address: ChannelAddress): Entry {
    const opening = this.#transport.connect(address, { signal: AbortSignal.timeout(DIAL_MS) });
    const entry: Entry = { opening, users: 0, idle: null };
    this.#entries.set(key, entry);
    void opening.then(async (connected) => {
      if (connected.ok) await connected.value.closed;
      this.#end(key, entry);
    });
    return entry;
  }

  /** The connection as one of its users has it: closing it is leaving it to the others. */
  #shared(key: string, entry: Entry, connection: Connection): Connection {
    let left = false;
    return {
      address: connection.address,
      hello: connection.hello,
      closed: connection.closed,
      droppedAnswers: 0,
      get toldEpoch() {
        return connection.toldEpoch;
      },
      get clockOffset() {
        return connection.clockOffset;
      },
      request: (request, signal) => connection.request(request, signal),
      onEvent: (listener) => connection.onEvent(listener),
      close: () => {
        if (left) return;
        left = true;
        this.#leave(key, entry);
      },
    };
  }

  #leave(key: string, entry: Entry): void {
    entry.users -= 1;
    if (entry.users === 0) entry.idle = setTimeout(() => this.#end(key, entry), IDLE_MS);
  }

  #end(key: string, entry: Entry): void {
    if (entry.idle !== null) clearTimeout(entry.idle);
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
    void entry.opening.then((connected) => connected.ok && connected.value.close());
  }
}

/** Resolves with a fault when the signal fires. */
function abortOf(signal: AbortSignal | undefined): Promise<Connected> {
  return new Promise((resolve) => {
    const aborted = () =>
      resolve(fail({ code: 'ABORTED', message: 'given up', phase: 'connecting' as const, retryable: false }));
    if (signal?.aborted === true) aborted();
    else signal?.addEventListener('abort', aborted, { once: true });
  });
}
