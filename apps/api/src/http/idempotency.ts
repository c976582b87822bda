import { createHash } from 'node:crypto';
import { fail, ok } from '@hostmesh/core';
import { invalidRequest, type RouteResult } from '../problem/route-fault.ts';

/** The caller's key and a hash of what it asks for; `undefined` when it gave no key. */
export type Idempotency = { readonly key: string; readonly requestHash: string } | undefined;

/** Reads the `Idempotency-Key` header of a request; `request` is everything that makes two requests the same. */
export function readIdempotency(
  header: string | string[] | undefined,
  request: unknown,
): RouteResult<Idempotency> {
  if (header === undefined) return ok(undefined);
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(header)) {
    const message = 'must be 1 to 200 printable characters without blanks';
    return fail(invalidRequest([{ field: 'Idempotency-Key', message }]));
  }
  const requestHash = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  return ok({ key: header, requestHash });
}
