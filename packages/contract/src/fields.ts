import { z } from 'zod';

/** RFC 3339, UTC. */
export const Timestamp = z.iso.datetime();

/** A duration as text: `10s`, `1m 30s`, `500ms` (reference section 7.2). */
export const DurationText = z.string();

const DEFAULT_PAGE_LIMIT = 50;
/** As many items as one page may have. */
export const MAX_PAGE_LIMIT = 1000;

/** `?limit=&cursor=` of every list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_LIMIT).default(DEFAULT_PAGE_LIMIT),
  cursor: z.string().max(500).optional(),
});

/** The schema of a page of these; without a cursor it is the last one. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable(), total: z.int().optional() });
/** A page of a list. */
export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
  total?: number | undefined;
}
