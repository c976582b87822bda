import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What strangers may cost an HTTP server. */
export interface DoorLimits {
  /** Connections that wait for their peer and have not proved who it is; the oldest goes when there is one more. */
  readonly maxWaiting: number;
  /** Requests of one connection that wait for their answers; who sends more without reading is cut off. */
  readonly maxUnanswered: number;
  /** How long a reader may take nothing of what is there for it. */
  readonly stalledMs: number;
  /** What a reader must take at least, in bytes a second: what is large may take longer. */
  readonly minBytesPerSecond: number;
  /** How often that is looked at. */
  readonly lookMs: number;
  /** From its first byte on, until the headers of a request have arrived, and until all of it has. */
  readonly headersMs: number;
  readonly requestMs: number;
}

const usual: DoorLimits = {
  maxWaiting: 512,
  maxUnanswered: 8,
  stalledMs: 15_000,
  minBytesPerSecond: 16_384,
  lookMs: 2000,
  headersMs: 10_000,
  requestMs: 60_000,
};

/** Connections that the system keeps while we are busy: more are lost without a word, and come again after seconds. */
export const LISTEN_BACKLOG = 4096;

/** A guarded server. */
export interface ServerDoor {
  /** The peer has proved who it is: its connection gives way to no other. */
  readonly prove: (socket: Socket) => void;
}

/** One connection. */
interface Visitor {
  isProved: boolean;
  /** Requests that are not answered yet. */
  readonly requests: Set<IncomingMessage>;
  /** Bytes that the system has taken since it began, and when that number last grew or there was nothing to send. */
  taken: number;
  movedAt: number;
}

/**
 * Guards a server against those who only cost it something: who sends slowly or not at all, does not read, or opens connection
 * after connection. Nobody who has been let in is cut off as long as he reads; a new connection is always taken.
 */
export function guardServer(server: Server, given: Partial<DoorLimits> = {}): ServerDoor {
  const limits = { ...usual, ...given };
  server.headersTimeout = limits.headersMs;
  server.requestTimeout = limits.requestMs;
  // In order of arrival.
  const visitors = new Map<Socket, Visitor>();
  server.prependListener('connection', (socket: Socket) => {
    if (visitors.size >= limits.maxWaiting) makeRoom(visitors, limits.maxWaiting);
    visitors.set(socket, { isProved: false, requests: new Set(), taken: 0, movedAt: Date.now() });
    socket.once('close', () => visitors.delete(socket));
  });
  const emit = server.emit.bind(server);
  // Listeners cannot keep each other from hearing: what is too much is not told of at all.
  server.emit = (name: string, ...told: unknown[]): boolean => {
    if (name !== 'request') return emit(name, ...told);
    // As Node documents this event.
    const [request, response] = told as [IncomingMessage, ServerResponse];
    const visitor = visitors.get(request.socket);
    if (visitor === undefined) return emit(name, ...told);
    if (visitor.requests.size >= limits.maxUnanswered) request.socket.destroy();
    if (request.socket.destroyed) return true;
    visitor.requests.add(request);
    response.once('close', () => visitor.requests.delete(request));
    return emit(name, ...told);
  };
  const look = setInterval(() => cutStalled(visitors, limits), limits.lookMs);
  look.unref();
  server.once('close', () => clearInterval(look));
  return {
    prove(socket) {
      const visitor = visitors.get(socket);
      if (visitor !== undefined) visitor.isProved = true;
    },
  };
}

/** Strangers that let us wait: they send nothing, or do not read. Neither is the server's work. */
const isWaiting = (socket: Socket, { isProved, requests }: Visitor): boolean =>
  !isProved &&
  (requests.size === 0 || socket.writableLength > 0 || [...requests].some(({ complete }) => !complete));

function makeRoom(visitors: ReadonlyMap<Socket, Visitor>, maxWaiting: number): void {
  let waiting = 0;
  let oldest: Socket | undefined;
  for (const [socket, visitor] of visitors) {
    if (socket.destroyed || !isWaiting(socket, visitor)) continue;
    waiting += 1;
    oldest ??= socket;
  }
  if (waiting >= maxWaiting) oldest?.destroy();
}

function cutStalled(visitors: ReadonlyMap<Socket, Visitor>, limits: DoorLimits): void {
  const now = Date.now();
  for (const [socket, visitor] of visitors) {
    const taken = socket.bytesWritten - socket.writableLength;
    if (socket.writableLength === 0 || taken > visitor.taken) {
      visitor.taken = taken;
      visitor.movedAt = now;
      continue;
    }
    // A write counts only once all of it is taken.
    const patienceMs = limits.stalledMs + (socket.writableLength / limits.minBytesPerSecond) * 1000;
    if (now - visitor.movedAt > patienceMs) socket.destroy();
  }
}
