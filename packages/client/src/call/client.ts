import { MAX_PAGE_LIMIT, type Page, type Route } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import { faultOfAnswer, faultOfThrown, type ApiFault } from './api-fault.ts';
import { shownIn } from './shown.ts';
import { pathOf, type AnyCallInput, type CallInput, type CallReply } from './request.ts';

/** Which API is called, and as whom. */
export interface ClientOptions {
  /** Where the API is, as in `http://127.0.0.1:4600`; empty in a browser for its own origin. */
  readonly baseUrl: string;
  /** Bearer token; a browser uses its session cookie instead. */
  readonly token?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** What makes text fit to be shown to people, whoever it came from; replies, faults and events are as they were sent when absent. */
  readonly shown?: ((text: string) => string) | undefined;
}

/** A typed client of the public API. */
export interface Client {
  /** Calls a route. Resolves always: with the parsed reply, or with the fault. */
  call<R extends Route>(route: R, input: CallInput<R>): Promise<Result<CallReply<R>, ApiFault>>;
  /** The bare answer, for what is not JSON: CSV, event streams. Resolves with a fault unless it is a success. */
  open(path: string, init?: RequestInit): Promise<Result<Response, ApiFault>>;
  /** What was read of such an answer, its texts fit to be shown where the client was made so. */
  shown<T>(value: T): T;
}

/** Makes a client; nothing is sent until it is used. */
export function createClient(options: ClientOptions): Client {
  const base = options.baseUrl.replace(/\/+$/, '');
  const send = options.fetch ?? fetch;
  const shown = <T>(value: T): T => (options.shown === undefined ? value : shownIn(value, options.shown));

  async function open(path: string, init: RequestInit = {}): Promise<Result<Response, ApiFault>> {
    const headers = new Headers(init.headers);
    if (options.token !== undefined) headers.set('authorization', `Bearer ${options.token}`);
    try {
      const answer = await send(base + path, { ...init, headers });
      if (answer.ok) return ok(answer);
      return fail(faultOfAnswer(answer.status, shown(await bodyOf(answer))));
    } catch (cause) {
      return fail(faultOfThrown(cause, base, init.signal ?? undefined));
    }
  }

  return {
    open,
    shown,
    async call<R extends Route>(route: R, typed: CallInput<R>): Promise<Result<CallReply<R>, ApiFault>> {
      // Every `CallInput<R>` is one of these; the compiler does not resolve the conditional type for an open `R`.
      const input = typed as AnyCallInput;
      const headers: Record<string, string> = { accept: 'application/json', ...input.headers };
      if (input.body !== undefined) headers['content-type'] = 'application/json';
      const opened = await open(pathOf(route, input.params, input.query), {
        method: route.method,
        headers,
        body: input.body === undefined ? null : JSON.stringify(input.body),
        signal: input.signal ?? null,
      });
      if (!opened.ok) return opened;
      // A route without a reply schema yields `undefined`: the conditional type says so, the compiler cannot see it.
      if (route.reply === undefined) return ok(undefined as CallReply<R>);
      const reply = route.reply.safeParse(await bodyOf(opened.value));
      // The schema just parsed is the one that the type is derived from.
      if (reply.success) return ok(shown(reply.data as CallReply<R>));
      const message = `The answer to ${route.method} ${route.path} is not of the contract: ${reply.error.message}`;
      return fail({ code: 'bad_reply', message, status: opened.value.status, problem: null });
    },
  };
}

/** An item of a list route. */
export type ItemOf<R extends Route> = CallReply<R> extends Page<infer Item> ? Item : never;

/** The first items of a list route, at most `max`, page after page; `nextCursor` is null when they are all. */
export async function callPages<R extends Route>(
  client: Client,
  route: R,
  input: CallInput<R>,
  max: number,
): Promise<Result<Page<ItemOf<R>>, ApiFault>> {
  const items: ItemOf<R>[] = [];
  let cursor: string | undefined;
  for (;;) {
    const limit = Math.min(MAX_PAGE_LIMIT, max - items.length);
    const query = { ...input.query, limit, ...(cursor === undefined ? {} : { cursor }) };
    // The same input with its page asked for; spreading loses the open type `CallInput<R>`.
    const reply = await client.call(route, { ...input, query } as CallInput<R>);
    if (!reply.ok) return fail(reply.fault);
    // Only list routes get past the type of `ItemOf`; their replies are pages.
    const page = reply.value as Page<ItemOf<R>>;
    items.push(...page.items);
    if (page.nextCursor === null || items.length >= max) return ok({ ...page, items });
    cursor = page.nextCursor;
  }
}

/** Every item of a list route. */
export async function callAllPages<R extends Route>(
  client: Client,
  route: R,
  input: CallInput<R>,
): Promise<Result<ItemOf<R>[], ApiFault>> {
  const all = await callPages(client, route, input, Number.POSITIVE_INFINITY);
  return all.ok ? ok(all.value.items) : all;
}

/** The body as JSON, or `undefined` when it is none. */
async function bodyOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}
