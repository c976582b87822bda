import type { z } from 'zod';
import type { ProblemCode } from './problem.ts';

/** Methods that the API serves. */
export type Method = 'GET' | 'POST' | 'DELETE';

/**
 * The one description of a route: the server's validation and types, the client's calls and the OpenAPI
 * document all come from it.
 */
export interface Route<
  Params extends z.ZodType | undefined = z.ZodType | undefined,
  Query extends z.ZodType | undefined = z.ZodType | undefined,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Reply extends z.ZodType | undefined = z.ZodType | undefined,
> {
  readonly method: Method;
  /** Below `/api/v1`, parameters as `{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** What a success carries; `undefined` when the answer has no JSON body. */
  readonly reply: Reply;
  /** Of a route that answers with Server-Sent Events: what the data of each one is. */
  readonly events?: z.ZodType;
  /** Statuses of success, the usual one first. */
  readonly success: readonly number[];
  readonly problems: readonly ProblemCode[];
  /** False for the few routes that need no token. */
  readonly authenticated: boolean;
}

/** Every path of the API begins with it. */
export const API_BASE = '/api/v1';
