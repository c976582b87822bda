import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { ephemeralHint, socketWatch } from './limits.ts';
import { SimHostsError } from './sim-hosts-error.ts';

/** Where simulated hosts listen. */
export const LOOPBACK = '127.0.0.1';

/** Of this process. */
const sockets = socketWatch((message) => process.stderr.write(`sim-hosts: ${message}\n`));

/** A TCP port of its own for one simulated host, which stays ours while it refuses connections. */
export class SimHostPort {
  readonly #server: Server;
  #port: number;
  #holder: Socket | null = null;

  /** `port` 0 takes any free one. */
  constructor(port: number, onConnection: (socket: Socket) => void) {
    this.#port = port;
    this.#server = createServer({ noDelay: true }, (socket) => {
      sockets.opened();
      socket.on('close', () => sockets.closed());
      onConnection(socket);
    });
    this.#server.on('listening', () => sockets.opened()).on('close', () => sockets.closed());
  }

  /** The real one from the first `open` on. */
  get port(): number {
    return this.#port;
  }

  /** Rejects with `port_taken` when somebody else listens there. */
  async open(): Promise<void> {
    if (this.#server.listening) return;
    await this.#letGo();
    try {
      this.#server.listen({ port: this.#port, host: LOOPBACK });
      await once(this.#server, 'listening');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      throw new SimHostsError('port_taken', `port ${this.#port} is taken${ephemeralHint(this.#port)}`);
    }
    // A listening TCP server has an AddressInfo.
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /**
   * Refuses connections from now on. A connection of our own to `sinkPort` keeps the number: the kernel gives it to
   * nobody who asks for any port, and who dials it is refused all the same.
   */
  async refuse(sinkPort: number): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#holder = connect({ port: sinkPort, host: LOOPBACK, localAddress: LOOPBACK, localPort: this.#port });
    await once(this.#holder, 'connect');
  }

  /** Stops listening, and waits for the end of connections, which is for their owner to bring about. */
  async close(): Promise<void> {
    await this.#letGo();
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async #letGo(): Promise<void> {
    const holder = this.#holder;
    this.#holder = null;
    if (holder === null) return;
    holder.resetAndDestroy();
    await once(holder, 'close');
  }
}
