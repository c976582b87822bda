import { ApiEvent, LogEvent, routes, type EventsQuery } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import type { ApiFault } from '../call/api-fault.ts';
import type { Client } from '../call/client.ts';
import { pathOf } from '../call/request.ts';

/**
 * How the stream is doing.
 * - `live`: connected; silence means that nothing changed
 * - `retrying`: not connected since `since` (ms since 1970), or not heard of; `fault` says why
 */
export type ConnectionState =
  | { readonly kind: 'live' }
  | { readonly kind: 'retrying'; readonly since: number; readonly fault: ApiFault };

/** What every stream of the API is followed with. */
interface StreamOptions {
  readonly signal: AbortSignal;
  readonly onState?: ((state: ConnectionState) => void) | undefined;
  /** A connection without a byte for this long is taken for dead; the server sends a comment far more often. */
  readonly silenceMs?: number | undefined;
}

/** One stream in particular. */
interface EventStream extends StreamOptions {
  /** Where to open it, given the id of the last event applied. */
  readonly pathAfter: (lastEventId: string | undefined) => string;
  readonly apply: (data: unknown) => void;
  /** True for a fault that no later attempt can be expected to overcome. */
  readonly isFinal?: (fault: ApiFault) => boolean;
}

/** What the events of the API are followed with. */
export interface FollowOptions extends StreamOptions {
  readonly filter?: EventsQuery;
  readonly onEvent: (event: ApiEvent) => void;
}

/**
 * Follows the API's events until the signal fires, reconnecting from the last event that was applied. An event
 * missed for good arrives as `resync`. Never rejects.
 */
export async function followEvents(client: Client, options: FollowOptions): Promise<void> {
  const path = pathOf(routes.events, {}, options.filter);
  await followStream(client, {
    ...options,
    pathAfter: () => path,
    apply(data) {
      // Events of kinds that this client does not know are skipped: a newer server may send them.
      const event = ApiEvent.safeParse(data);
      if (event.success) options.onEvent(client.shown(event.data));
    },
  });
}

/** What the output of a proc is followed with. */
interface FollowLogsOptions extends StreamOptions {
  /** Entries after this `seq`. */
  readonly after?: number | undefined;
  /** Looked at when `after` is not given: the last so many entries first. */
  readonly tail?: number | undefined;
  readonly stream?: 'stdout' | 'stderr' | undefined;
  readonly onEvent: (event: LogEvent) => void;
}

/**
 * Follows the output of a proc until no more will come or the signal fires, reconnecting from the last entry that was
 * applied. A fault is the API's refusal: no such proc, no access. Never rejects.
 */
export async function followLogs(
  client: Client,
  procId: string,
  { after, tail, stream, onEvent, ...options }: FollowLogsOptions,
): Promise<Result<void, ApiFault>> {
  const ended = new AbortController();
  const fault = await followStream(client, {
    ...options,
    signal: AbortSignal.any([options.signal, ended.signal]),
    // The id of an event is the last `seq` in it.
    pathAfter: (lastSeq) =>
      pathOf(
        routes.procLogs,
        { id: procId },
        lastSeq === undefined && after === undefined ? { tail, stream } : { after: lastSeq ?? after, stream },
      ),
    apply(data) {
      const event = LogEvent.safeParse(data);
      if (!event.success) return;
      onEvent(client.shown(event.data));
      if (event.data.type === 'ended') ended.abort();
    },
    isFinal: ({ status }) => status !== null && status >= 400 && status < 500 && status !== 429,
  });
  return fault === undefined ? ok(undefined) : fail(fault);
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** A little more than two heartbeats of the server: an API that hangs must not look like one where nothing changes. */
const SILENCE_MS = 12_000;
/** How often the silence is measured while it may last so long. */
const LOOKS_PER_SILENCE = 12;

/**
 * Follows a stream of Server-Sent Events until the signal fires, reconnecting from the last event that was applied.
 * Never rejects; resolves with a fault only when `isFinal` takes it for final.
 */
export async function followStream(client: Client, stream: EventStream): Promise<ApiFault | undefined> {
  const { signal } = stream;
  let lastEventId: string | undefined;
  let brokenSince: number | undefined;
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    let heardAt: number | undefined;
    const fault = await followOnce(client, stream, {
      lastEventId,
      onHeard() {
        heardAt = Date.now();
      },
      onLive() {
        brokenSince = undefined;
        retryMs = FIRST_RETRY_MS;
        stream.onState?.({ kind: 'live' });
      },
      onApplied(id) {
        lastEventId = id;
      },
    });
    if (signal.aborted) return undefined;
    if (stream.isFinal?.(fault)) return fault;
    brokenSince ??= Math.min(heardAt ?? Date.now(), Date.now());
    stream.onState?.({ kind: 'retrying', since: brokenSince, fault });
    await pause(retryMs * (0.5 + Math.random() / 2), signal);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
  return undefined;
}

interface Once {
  readonly lastEventId: string | undefined;
  readonly onHeard: () => void;
  readonly onLive: () => void;
  readonly onApplied: (id: string) => void;
}

/** One connection, until it ends; resolves with the reason. */
async function followOnce(client: Client, stream: EventStream, once: Once): Promise<ApiFault> {
  const ended = new AbortController();
  const listening = listen(stream.silenceMs ?? SILENCE_MS, () => ended.abort());
  const heard = () => {
    listening.heard();
    once.onHeard();
  };
  try {
    const opened = await client.open(stream.pathAfter(once.lastEventId), {
      headers: {
        accept: 'text/event-stream',
        ...(once.lastEventId === undefined ? {} : { 'last-event-id': once.lastEventId }),
      },
      signal: AbortSignal.any([stream.signal, ended.signal]),
    });
    if (!opened.ok) return opened.fault;
    once.onLive();
    await readAll(opened.value, heard, (message) => {
      stream.apply(parseJson(message.data));
      if (message.id !== undefined) once.onApplied(message.id);
    });
    return lost('The event stream ended.');
  } catch (cause) {
    return lost(ended.signal.aborted ? 'The event stream fell silent.' : 'The event stream broke.', cause);
  } finally {
    listening.end();
    ended.abort();
  }
}

/**
 * Calls `onSilence` when nothing has been heard for so long by any clock: while a machine sleeps its timers stand, and the
 * connection is lost all the same.
 */
function listen(
  silenceMs: number,
  onSilence: () => void,
): { readonly heard: () => void; readonly end: () => void } {
  const clocks = [() => Date.now(), () => performance.now()];
  let heardAt = clocks.map((now) => now());
  const look = () => {
    if (clocks.some((now, index) => now() - (heardAt[index] ?? 0) >= silenceMs)) onSilence();
  };
  const timer = setInterval(look, silenceMs / LOOKS_PER_SILENCE);
  return {
    heard: () => void (heardAt = clocks.map((now) => now())),
    end: () => clearInterval(timer),
  };
}

async function readAll(
  answer: Response,
  heard: () => void,
  apply: (message: EventSourceMessage) => void,
): Promise<void> {
  if (answer.body === null) return;
  const watched = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      heard();
      controller.enqueue(chunk);
    },
  });
  const reader = answer.body
    .pipeThrough(watched)
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) apply(next.value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const lost = (message: string, cause?: unknown): ApiFault => ({
  code: 'network',
  message,
  status: null,
  problem: null,
  cause,
});

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
