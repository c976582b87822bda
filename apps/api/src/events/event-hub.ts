import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ApiEvent, EventsQuery } from '@hostmesh/contract';

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

/** An event with its place in the order in which this process published. */
interface Published {
  readonly seq: number;
  readonly event: ApiEvent;
  /** One row weighs one: what bounds the memory that the ring holds. */
  readonly weight: number;
}

/** The last events of this process, bounded by their weight, so that a client that reconnects can catch up. */
class EventRing {
  readonly #maxWeight: number;
  #events: Published[] = [];
  #weight = 0;
  #seq = 0;

  constructor(maxWeight: number) {
    this.#maxWeight = maxWeight;
  }

  /** Sequence number of the last event; 0 before the first. */
  get lastSeq(): number {
    return this.#seq;
  }

  push(event: ApiEvent): Published {
    const published = { seq: ++this.#seq, event, weight: weightOf(event) };
    this.#events.push(published);
    this.#weight += published.weight;
    if (this.#weight > this.#maxWeight) this.#shrink();
    return published;
  }

  /** Everything after `seq`, or `undefined` when some of that is gone or has never been. */
  after(seq: number): readonly Published[] | undefined {
    if (seq > this.#seq) return undefined;
    const first = this.#events[0]?.seq ?? this.#seq + 1;
    return seq + 1 < first ? undefined : this.#events.slice(seq + 1 - first);
  }

  /** To three quarters at once: dropping one event per event would copy the array each time. */
  #shrink(): void {
    let drop = 0;
    while (drop < this.#events.length && this.#weight > this.#maxWeight * 0.75) {
      this.#weight -= this.#events[drop]?.weight ?? 0;
      drop += 1;
    }
    this.#events = this.#events.slice(drop);
  }
}

function weightOf(event: ApiEvent): number {
  if ('hosts' in event) return 1 + event.hosts.length;
  return 'procs' in event ? 1 + event.procs.length : 1;
}
