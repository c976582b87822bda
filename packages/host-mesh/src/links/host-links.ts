import type { Closed, Connection } from '@hostmesh/protocol';

/** The open connections to the hosts of one mesh, at most one per rank, and their owner. */
export class HostLinks {
  readonly #open: (Connection | undefined)[] = [];
  #onClosed: ((rank: number, closed: Closed) => void) | null = null;

  /** Undefined when there is none, or when it is known to have ended. */
  get(rank: number): Connection | undefined {
    return this.#open[rank];
  }

  /**
   * Takes over a connection and returns the one to use: when two parties have dialled at the same time, the
   * second connection is closed, for a request may be under way on the first.
   */
  keep(rank: number, connection: Connection): Connection {
    const open = this.#open[rank];
    if (open !== undefined) {
      connection.close();
      return open;
    }
    this.#open[rank] = connection;
    void connection.closed.then((closed) => {
      if (this.#open[rank] !== connection) return;
      this.#open[rank] = undefined;
      this.#onClosed?.(rank, closed);
    });
    return connection;
  }

  /** Calls back for each connection that ends without having been dropped. */
  watch(onClosed: (rank: number, closed: Closed) => void): void {
    this.#onClosed = onClosed;
  }

  drop(rank: number): void {
    const connection = this.#open[rank];
    this.#open[rank] = undefined;
    connection?.close();
  }

  closeAll(): void {
    this.#onClosed = null;
    this.#open.forEach((_, rank) => this.drop(rank));
  }
}
