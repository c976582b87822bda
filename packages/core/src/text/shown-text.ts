/**
 * Characters that are obeyed or overlooked instead of read: control characters (terminals obey them), marks that turn the direction of
 * text (they let it read as another one), separators of lines, halves of surrogate pairs, and what has no width. The joiners that scripts
 * and emoji are written with are not among them.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u00AD\u180E\u200B\u2060-\u2065\u206A-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/u;
const unseen = new RegExp(UNSEEN, 'gu');
const unseenButBlanks = new RegExp(`(?![\\t\\n\\r])${UNSEEN.source}`, 'gu');

/** Text that came from a host or a caller, as one line that shows all that is in it: each unseen character is U+FFFD. */
export const shownLine = (text: string): string => text.replaceAll(unseen, '\uFFFD');

/** As `shownLine`, for text that may have tabs and lines. */
export const shownText = (text: string): string => text.replaceAll(unseenButBlanks, '\uFFFD');

/** A value as JSON that may be read on a terminal: each unseen character is an escape of JSON, so that no text is changed by it. */
export const shownJson = (value: unknown, indent = 2): string =>
  JSON.stringify(value, null, indent).replaceAll(unseenButBlanks, (found) =>
    Array.from({ length: found.length }, (_, at) => escapeOf(found.charCodeAt(at))).join(''),
  );
const escapeOf = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

/** The first character of a text that nobody would see, as in `U+202E`; undefined when all can be seen. */
export const unseenIn = (text: string): string | undefined => nameOf(UNSEEN.exec(text));

/** As `unseenIn`, for text that may have tabs and lines. */
export const unseenInLines = (text: string): string | undefined => nameOf(text.match(unseenButBlanks));

const nameOf = (found: readonly string[] | null): string | undefined =>
  found?.[0] && `U+${found[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
