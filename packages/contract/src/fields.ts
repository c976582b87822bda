import { unseenIn, unseenInLines } from '@hostmesh/core';
import { z } from 'zod';

const textOf = (max: number, refused: (text: string) => string | undefined) =>
  z
    .string()
    .max(max, { abort: true })
    .refine((text) => refused(text) === undefined, {
      error: ({ input }) => `must not hold the character ${refused(String(input))}`,
    });

/** Text of a request, in one line, of characters that can be seen. Every text that a request may hold is this, or one of the two below. */
export const line = (max: number) => textOf(max, unseenIn);

/** Text of a request with tabs and lines, as people paste it. */
export const lines = (max: number) => textOf(max, unseenInLines);

/** Text of a request that is handed on as it is: all that operating systems and databases take, so no NUL and no half of a character. */
export const anyText = (max: number) =>
  textOf(max, (text) => {
    const refused = /[\0\p{Cs}]/u.exec(text)?.[0];
    return refused === undefined ? undefined : unseenIn(refused);
  });

/** RFC 3339, UTC. */
export const Timestamp = z.iso.datetime();

/** A time in a request: one that everything we keep times in knows. */
export const timeIn = Timestamp.max(40).refine(
  // Of what is no time at all that has been said already.
  (text) => !(Date.parse(text) < 0),
  'must be a time of 1970 or later',
);

/** A duration as text: `10s`, `1m 30s`, `500ms` (reference section 7.2). */
export const DurationText = z.string();
/** A duration in a request. */
export const durationIn = line(100);
/** An id in a filter or a body: what is none simply names nothing. */
export const idIn = line(200);
/** Part of a name, an address or an id that is looked for. */
export const searched = line(200);

/** A whole number in a path or query, which are texts: digits and nothing else, so that an empty one is no 0. */
export const wholeIn = (min: number, max: number) =>
  z.preprocess(
    (given) => (typeof given === 'string' && /^-?\d{1,15}$/.test(given) ? Number(given) : given),
    z.int().min(min).max(max),
  );

const DEFAULT_PAGE_LIMIT = 50;
/** As many items as one page may have. */
export const MAX_PAGE_LIMIT = 1000;

/** `?limit=&cursor=` of every list. */
export const PageQuery = z.strictObject({
  limit: wholeIn(1, MAX_PAGE_LIMIT).default(DEFAULT_PAGE_LIMIT),
  cursor: line(500).optional(),
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
