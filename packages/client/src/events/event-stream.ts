import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import type { ApiFault } from '../call/api-fault.ts';
import type { Client } from '../call/client.ts';

/**
 * How the stream is doing.
 * - `live`: connected; silence means that nothing changed
 * - `retrying`: not connected since `since` (ms since 1970); `fault` says why
 */
export type ConnectionState =
  { readonly kind: 'live' } | { readonly kind: 'retrying'; readonly since: number; readonly fault: ApiFault };

/** What every stream of the API is followed with. */
export interface StreamOptions {
  readonly signal: AbortSignal;
  readonly onState?: ((state: ConnectionState) => void) | undefined;
  /** A connection without a byte for this long is taken for dead; the server sends a comment far more often. */
  readonly silenceMs?: number | undefined;
}

/** One stream in particular. */
export interface EventStream extends StreamOptions {
  /** Where to open it, given the id of the last event applied. */
  readonly pathAfter: (lastEventId: string | undefined) => string;
  readonly apply: (data: unknown) => void;
  /** True for a fault that no later attempt can be expected to overcome. */
  readonly isFinal?: (fault: ApiFault) => boolean;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** A little more than two heartbeats of the server: an API that hangs must not look like one where nothing changes. */
const SILENCE_MS = 12_000;

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
    const fault = await followOnce(client, stream, {
      lastEventId,
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
    brokenSince ??= Date.now();
    stream.onState?.({ kind: 'retrying', since: brokenSince, fault });
    await pause(retryMs * (0.5 + Math.random() / 2), signal);
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
  }
  return undefined;
}

interface Once {
  readonly lastEventId: string | undefined;
  readonly onLive: () => void;
  readonly onApplied: (id: string) => void;
}

/** One connection, until it ends; resolves with the reason. */
async function followOnce(client: Client, stream: EventStream, once: Once): Promise<ApiFault> {
  const ended = new AbortController();
  const silence = { timer: setTimeout(() => {}, 0) };
  const heard = () => {
    clearTimeout(silence.timer);
    silence.timer = setTimeout(() => ended.abort(), stream.silenceMs ?? SILENCE_MS);
  };
  heard();
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
    clearTimeout(silence.timer);
    ended.abort();
  }
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
