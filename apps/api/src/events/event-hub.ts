import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ApiEvent, EventsQuery } from '@hostmesh/contract';
import { EventRing, type Published } from './event-ring.ts';

export interface EventHubOptions {
  /** Host rows and events kept for clients that reconnect. */
  readonly keep?: number;
  /** What one client may leave unread before it is sent a `resync` instead of the rest, in bytes. */
  readonly maxUnreadBytes?: number;
  readonly heartbeatMs?: number;
}

/** Clients take twice as long without a word as silence. */
const HEARTBEAT_MS = 5_000;

/**
 * Publishes changes as Server-Sent Events. Ids are `<boot>-<seq>`: a client that comes back with its last one gets
 * what it missed, or `resync` when that is gone. A client that reads too slowly loses events, never our memory.
 */
export class EventHub {
  readonly #boot = randomBytes(4).toString('hex');
  readonly #ring: EventRing;
  readonly #maxUnreadBytes: number;
  readonly #clients = new Set<Client>();
  #closed = false;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(options: EventHubOptions = {}) {
    this.#ring = new EventRing(options.keep ?? 20_000);
    this.#maxUnreadBytes = options.maxUnreadBytes ?? 4_194_304;
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeatMs ?? HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** How many clients listen now. */
  get clientCount(): number {
    return this.#clients.size;
  }

  publish(event: ApiEvent): void {
    const published = this.#ring.push(event);
    // Serialised once, and only when somebody wants it.
    let frame: string | undefined;
    for (const client of this.#clients) {
      if (matches(client.filter, event)) client.send((frame ??= this.#frame(published)));
    }
  }

  /** A stream of events for one client, from after `lastEventId` if that is still known. */
  subscribe(filter: EventsQuery, lastEventId: string | undefined): Readable {
    const client = new Client(filter, this.#maxUnreadBytes, () =>
      this.#frame({ seq: this.#ring.lastSeq, event: { type: 'resync' } }),
    );
    // Tells a new client the id that its stream starts from. One that comes back keeps its own until it has caught up:
    // it may break off again before that.
    const id = lastEventId === undefined ? `id: ${this.#id(this.#ring.lastSeq)}\n` : '';
    client.send(`retry: 1000\nevent: hello\n${id}data: {}\n\n`);
    if (lastEventId !== undefined) this.#catchUp(client, lastEventId);
    if (this.#closed) client.stream.push(null);
    this.#clients.add(client);
    client.stream.once('close', () => this.#clients.delete(client));
    return client.stream;
  }

  /** Ends every stream. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    for (const client of this.#clients) client.stream.push(null);
    this.#clients.clear();
  }

  #catchUp(client: Client, lastEventId: string): void {
    const [boot, seq] = lastEventId.split('-');
    const missed =
      boot === this.#boot && /^\d{1,15}$/.test(seq ?? '') ? this.#ring.after(Number(seq)) : undefined;
    if (missed === undefined) return client.resync();
    for (const published of missed) {
      if (matches(client.filter, published.event)) client.send(this.#frame(published));
    }
  }

  #beat(): void {
    for (const client of this.#clients) client.send(': still here\n\n');
  }

  #id(seq: number): string {
    return `${this.#boot}-${seq}`;
  }

  #frame({ seq, event }: Pick<Published, 'seq' | 'event'>): string {
    return `id: ${this.#id(seq)}\ndata: ${JSON.stringify(event)}\n\n`;
  }
}

/** One listener. While it lags, nothing more is queued for it; once it has read on, it is told to resync. */
class Client {
  readonly filter: EventsQuery;
  readonly stream: Readable;
  readonly #maxUnreadBytes: number;
  readonly #resyncFrame: () => string;
  #lagging = false;

  constructor(filter: EventsQuery, maxUnreadBytes: number, resyncFrame: () => string) {
    this.filter = filter;
    this.#maxUnreadBytes = maxUnreadBytes;
    this.#resyncFrame = resyncFrame;
    this.stream = new Readable({ read: () => this.#recover() });
  }

  send(frame: string): void {
    // The stream does not always ask for more once it was read empty: look again before giving up on a frame.
    if (this.stream.readableLength === 0) this.#recover();
    if (this.#lagging) return;
    const unreadBytes = this.stream.readableLength;
    this.#lagging = unreadBytes > 0 && unreadBytes + frame.length > this.#maxUnreadBytes;
    if (!this.#lagging) this.stream.push(frame);
  }

  resync(): void {
    this.stream.push(this.#resyncFrame());
  }

  #recover(): void {
    if (!this.#lagging) return;
    this.#lagging = false;
    this.resync();
  }
}

function matches(filter: EventsQuery, event: ApiEvent): boolean {
  const { attempt, mesh, procMesh } = filter;
  if (attempt === undefined && mesh === undefined && procMesh === undefined) return true;
  switch (event.type) {
    case 'attempt.changed':
      return event.attempt.id === attempt || (mesh !== undefined && event.attempt.meshId === mesh);
    case 'attempt.hosts_changed':
      return event.attemptId === attempt;
    case 'mesh.changed':
      return event.mesh.id === mesh;
    case 'mesh.hosts_changed':
      return event.meshId === mesh;
    case 'proc_mesh.changed':
      return event.procMesh.id === procMesh || (mesh !== undefined && event.procMesh.meshId === mesh);
    case 'proc_mesh.procs_changed':
      return event.procMeshId === procMesh;
    case 'resync':
      return true;
  }
}
