import type { Readable } from 'node:stream';
import type { ChangeAct, Page, Route, RouteName, routes } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import type { CursorFault, RowPage } from '@hostmesh/db';
import type { MarkedClient } from '@hostmesh/part';
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Actor } from '../audit/audit-log.ts';
import type { Caller } from '../auth/credentials.ts';
import { invalidRequest, type RouteResult } from '../problem/route-fault.ts';

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A request that passed its route's schemas, and who sent it. */
export interface Call<R extends Route> {
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
  readonly headers: IncomingHttpHeaders;
  /** Where the caller is, and the name by which it asked. */
  readonly client: MarkedClient;
  readonly caller: Caller;
  readonly requestId: string;
  /** By which act the route changes states; null where it changes none. */
  readonly act: ChangeAct | null;
}

/**
 * What a handler answers with when all went well.
 * - `json`: the route's reply; `status` when it isn't the route's usual one
 * - `stream`: bytes of another content type, sent as they come
 * - `empty`: no body
 */
export type RouteAnswer<Body> =
  | { kind: 'json'; body: Body; status?: number; headers?: Headers }
  | { kind: 'stream'; stream: Readable; contentType: string; headers?: Headers }
  | { kind: 'empty'; headers?: Headers };
type Headers = Readonly<Record<string, string>>;

export type Handler<R extends Route> = (
  call: Call<R>,
) => Promise<RouteResult<RouteAnswer<Parsed<R['reply']>>>>;

/** One handler per route of the contract: a new route does not compile until it has one. */
export type Handlers = { readonly [Name in RouteName]: Handler<(typeof routes)[Name]> };

/** Answers with a JSON body. */
export const json = <Body>(body: Body, extra: { status?: number; headers?: Headers } = {}) =>
  ok({ kind: 'json' as const, body, ...extra });

/** Answers with a page of stored rows; a cursor that is not one of the list is a wrong field like any other. */
export function pageAnswer<Row, Item>(
  page: Result<RowPage<Row>, CursorFault>,
  toItem: (row: Row) => Item,
): RouteResult<RouteAnswer<Page<Item>>> {
  if (!page.ok) return fail(invalidRequest([{ field: 'cursor', message: page.fault.message }]));
  return json({ ...page.value, items: page.value.items.map(toItem) });
}

/**
 * What callers may ask for with `Prefer` (RFC 7240).
 * - `respond-async`: not to wait for the outcome
 * - `no-wait-cleanup`: to have the verdict when it falls, before it is known what is left on hosts
 */
export type Preference = 'respond-async' | 'no-wait-cleanup';

/** Whether a `Prefer` header asks for this. */
export const prefers = (header: string | string[] | undefined, preference: Preference): boolean =>
  String(header ?? '')
    .toLowerCase()
    .split(/[,;\s]+/)
    .includes(preference);

/** Who asked, for the audit list and for what changes by it. */
export const actorOf = ({
  caller,
  requestId,
  act,
}: Pick<Call<Route>, 'caller' | 'requestId' | 'act'>): Actor => ({
  name: caller.name,
  requestId,
  act,
});
