import type { Readable } from 'node:stream';
import type { Route, RouteName, routes } from '@hostmesh/contract';
import { ok } from '@hostmesh/core';
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import type { ApiResult } from '../problem/api-fault.ts';

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

/** A request that passed its route's schemas, and who sent it. */
export interface Call<R extends Route> {
  readonly params: Parsed<R['params']>;
  readonly query: Parsed<R['query']>;
  readonly body: Parsed<R['body']>;
  readonly headers: IncomingHttpHeaders;
  /** The caller's address, for limits; not proven. */
  readonly ip: string;
  readonly caller: Caller;
  readonly requestId: string;
}

/**
 * What a handler answers with when all went well.
 * - `json`: the route's reply; `status` when it isn't the route's usual one
 * - `stream`: bytes of another content type, sent as they come
 * - `empty`: no body
 */
export type Answer<Body> =
  | { kind: 'json'; body: Body; status?: number; headers?: Headers }
  | { kind: 'stream'; stream: Readable; contentType: string; headers?: Headers }
  | { kind: 'empty'; headers?: Headers };
type Headers = Readonly<Record<string, string>>;

export type Handler<R extends Route> = (call: Call<R>) => Promise<ApiResult<Answer<Parsed<R['reply']>>>>;

/** One handler per route of the contract: a new route does not compile until it has one. */
export type Handlers = { readonly [Name in RouteName]: Handler<(typeof routes)[Name]> };

/** Answers with a JSON body. */
export const json = <Body>(body: Body, extra: { status?: number; headers?: Headers } = {}) =>
  ok({ kind: 'json' as const, body, ...extra });
