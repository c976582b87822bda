import type { Closed, Connection } from '@hostmesh/protocol';

/**
 * The open connections to the hosts of one mesh, at most one per rank, and their owner. A rank stays the host that it was
 * when it was reached first: whoever else answers at its address later is another.
 */
export class HostLinks {
  readonly #hostIds: (string | null)[];
  readonly #open: (Connection | undefined)[] = [];
  readonly #dropped: Connection[] = [];
  #holds = 0;
  #closed = false;
  #lastRequest = 0;
  #onClosed: ((rank: number, closed: Closed) => void) | null = null;

  /** `hostIds` are the hosts of the ranks, as far as they are known. */
  constructor(hostIds: readonly (string | null)[] = []) {
    this.#hostIds = [...hostIds];
  }

  /** The host that a rank is; null before it was reached. */
  hostId(rank: number): string | null {
    return this.#hostIds[rank] ?? null;
  }

  /** From now on the rank is whoever answers next. */
  giveUpHost(rank: number): void {
    this.#hostIds[rank] = null;
    this.drop(rank);
  }

  /** An id that no other request on these connections has; `what` is for people. */
  nextRequestId(what: string): string {
    this.#lastRequest += 1;
    return `${what}-${this.#lastRequest}`;
  }

  /** Undefined when there is none, or when it is known to have ended. */
  get(rank: number): Connection | undefined {
    return this.#open[rank];
  }

  /**
   * Takes over a connection and returns the one to use: when two parties have dialled at the same time, the
   * second connection is closed, for a request may be under way on the first. One that comes after `closeAll` is closed.
   */
  keep(rank: number, connection: Connection): Connection {
    const open = this.#open[rank];
    if (open !== undefined || this.#closed) {
      connection.close();
      return open ?? connection;
    }
    this.#open[rank] = connection;
    this.#hostIds[rank] ??= connection.hello.hostId;
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

  /** Forgets the connection of a host, and closes it unless `hold` has it waited for. */
  drop(rank: number): void {
    const connection = this.#open[rank];
    this.#open[rank] = undefined;
    if (connection === undefined) return;
    if (this.#holds > 0) this.#dropped.push(connection);
    else connection.close();
  }

  /**
   * Until the returned function is called, dropped connections stay open: a push may still wait for its answer on a
   * connection that was dropped because another request on it got none.
   */
  hold(): () => void {
    this.#holds += 1;
    return () => {
      this.#holds -= 1;
      if (this.#holds === 0) this.#closeDropped();
    };
  }

  closeAll(): void {
    this.#closed = true;
    this.#onClosed = null;
    this.#open.forEach((_, rank) => this.drop(rank));
    this.#closeDropped();
  }

  #closeDropped(): void {
    for (const connection of this.#dropped.splice(0)) connection.close();
  }
}
