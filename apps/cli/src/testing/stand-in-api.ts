import { setImmediate } from 'node:timers/promises';
import { API_BASE } from '@hostmesh/contract';
import { runProgram } from '../program.ts';

/** A request as the program sent it. */
interface Sent {
  readonly route: string;
  readonly query: Record<string, string>;
  readonly headers: Headers;
  readonly body: unknown;
}

/** What answers a route, as in `GET /meshes`: JSON, or the events of a stream that then stays open. */
export type Answers = Record<string, (sent: Sent) => unknown>;

/** A refusal, as the API sends it. */
export const problem = (status: number, code: string, more: object = {}): Response =>
  Response.json(
    {
      type: 'about:blank',
      title: code,
      status,
      code,
      detail: `because of ${code}`,
      requestId: 'req_1',
      ...more,
    },
    { status },
  );

/** A stream of these events, which stays open until the caller gives it up. */
function eventStream(events: readonly object[], signal: AbortSignal | undefined): Response {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const event of events)
        controller.enqueue(new TextEncoder().encode(`id: 1\ndata: ${JSON.stringify(event)}\n\n`));
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

/** Runs the program with an API that is only these answers; all else is not found, and there are no events. */
export async function runWith(
  answers: Answers,
  args: readonly string[],
  given: { isTerminal?: boolean } = {},
) {
  const out: string[] = [];
  const err: string[] = [];
  const sent: Sent[] = [];
  const signal = new AbortController();
  const send: typeof fetch = async (input, init) => {
    const url = new URL(String(input));
    const route = `${init?.method ?? 'GET'} ${url.pathname.slice(API_BASE.length)}`;
    const body = init?.body === null || init?.body === undefined ? undefined : JSON.parse(String(init.body));
    const one = {
      route,
      query: Object.fromEntries(url.searchParams),
      headers: new Headers(init?.headers),
      body,
    };
    if (route === 'GET /events') return eventStream([], init?.signal ?? undefined);
    sent.push(one);
    const answer = answers[route]?.(one) ?? problem(404, 'not_found');
    if (answer instanceof Response) return answer;
    if (one.headers.get('accept') === 'text/event-stream' && Array.isArray(answer))
      return eventStream(answer, init?.signal ?? undefined);
    return Response.json(answer);
  };
  const code = await runProgram(args, {
    apiUrl: 'http://api.test:4600',
    token: 'secret',
    tokenFrom: 'HOSTMESH_TOKEN',
    tokenIn: (file) => (file === '/there' ? { token: 'secret', tokenFrom: file } : null),
    fetch: send,
    out: (text, end = '\n') => out.push(text + end),
    err: (text) => err.push(text),
    progress: () => {},
    isTerminal: given.isTerminal ?? false,
    signal: signal.signal,
    // Whoever waits looks again at once; all else has its turn before.
    sleep: () => setImmediate(),
  });
  return { code, out: out.join('').replace(/\n$/, ''), err: err.join('\n'), sent };
}

/** A page of these. */
export const page =
  (...items: readonly object[]) =>
  () => ({ items, nextCursor: null, total: items.length });
