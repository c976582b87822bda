import type { Page, Route } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import type { ApiFault } from './api-fault.ts';
import type { Client } from './client.ts';
import type { CallInput, CallReply } from './request.ts';

type ItemOf<R extends Route> = CallReply<R> extends Page<infer Item> ? Item : never;

/** Every item of a list route, page after page, up to `max`. */
export async function callAllPages<R extends Route>(
  client: Client,
  route: R,
  input: CallInput<R>,
  max = Number.POSITIVE_INFINITY,
): Promise<Result<ItemOf<R>[], ApiFault>> {
  const items: ItemOf<R>[] = [];
  let cursor: string | undefined;
  do {
    const query = { ...input.query, limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
    // The same input with its page asked for; spreading loses the open type `CallInput<R>`.
    const reply = await client.call(route, { ...input, query } as CallInput<R>);
    if (!reply.ok) return fail(reply.fault);
    // Only list routes get past the type of `ItemOf`; their replies are pages.
    const page = reply.value as Page<ItemOf<R>>;
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined && items.length < max);
  return ok(items);
}
