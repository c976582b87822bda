import { API_BASE, type Route } from '@hostmesh/contract';
import type { z } from 'zod';

type Given<S extends z.ZodType | undefined, Name extends string> = S extends z.ZodType
  ? Record<Name, z.input<S>>
  : { [K in Name]?: never };
type GivenQuery<S extends z.ZodType | undefined> = S extends z.ZodType
  ? { query?: Partial<z.input<S>> }
  : { query?: never };

/** What a call of a route takes, derived from the route: no parameter that it lacks, none that it needs left out. */
export type CallInput<R extends Route> = Given<R['params'], 'params'> &
  GivenQuery<R['query']> &
  Given<R['body'], 'body'> & { headers?: Record<string, string>; signal?: AbortSignal };

/** What a successful call of a route yields. */
export type CallReply<R extends Route> = R['reply'] extends z.ZodType ? z.output<R['reply']> : undefined;

/** `/attach-attempts/{id}` with its parameters and query filled in, below the API's base path. */
export function pathOf(
  route: Route,
  params: Record<string, string> = {},
  query: Record<string, unknown> = {},
): string {
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return `${API_BASE}${path}${search.size === 0 ? '' : `?${search}`}`;
}

/** The members that a `CallInput` can have, whatever its route. */
export interface AnyCallInput {
  readonly params?: Record<string, string>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}
