import { fail, ok, type Fault, type Result } from '../fault.ts';

/** `label=left/right`, of which the texts of points and regions are made. */
export interface Dim {
  readonly label: string;
  readonly left: number;
  readonly right: number;
}

/** The text of a point or region that is not one. */
export type DimsFault = Fault<'parse_error'>;

const BARE_LABEL = /^[A-Za-z0-9_]+$/;
const NUMBER = /^\d+$/;

const unexpected = (expected: string, got: string | undefined) =>
  fail<DimsFault>({
    code: 'parse_error',
    message: `parse error: expected '${expected}' but got ${got === undefined ? 'end of input' : `'${got}'`}`,
  });

/** Words, quoted strings and single marks, without the blanks around them. */
export function tokenize(text: string): string[] {
  return text.match(/[A-Za-z0-9_]+|"(?:[^"\\]|\\.)*"|\S/gsu) ?? [];
}

/** Reads a number that JavaScript can hold exactly. */
export function parseUsize(token: string | undefined): Result<number, DimsFault> {
  if (token !== undefined && NUMBER.test(token) && Number.isSafeInteger(Number(token)))
    return ok(Number(token));
  const message = token === undefined ? 'unexpected end of input' : `token '${token}' is not a 'usize'`;
  return fail({ code: 'parse_error', message: `parse error: ${message}` });
}

function parseDimLabel(token: string | undefined): Result<string, DimsFault> {
  if (token?.startsWith('"')) {
    try {
      return ok(String(JSON.parse(token)));
    } catch {
      return unexpected('string literal', token);
    }
  }
  // Bare digits would collide with the offset of a region; quoted they are a label like others.
  if (token === undefined || !BARE_LABEL.test(token) || NUMBER.test(token)) return unexpected('label', token);
  return ok(token);
}

/** Reads dims that are separated by commas; no tokens are no dims. */
export function parseDims(tokens: readonly string[]): Result<Dim[], DimsFault> {
  const dims: Dim[] = [];
  for (let at = 0; tokens.length > 0; at += 6) {
    const [labelText, equals, leftText, slash, rightText, comma] = tokens.slice(at, at + 6);
    const label = parseDimLabel(labelText);
    if (!label.ok) return label;
    if (equals !== '=') return unexpected('=', equals);
    const left = parseUsize(leftText);
    if (!left.ok) return left;
    if (slash !== '/') return unexpected('/', slash);
    const right = parseUsize(rightText);
    if (!right.ok) return right;
    dims.push({ label: label.value, left: left.value, right: right.value });
    if (comma === undefined) break;
    if (comma !== ',') return unexpected(',', comma);
  }
  return ok(dims);
}

/** Reads back to the same dims. */
export function printDims(dims: readonly Dim[]): string {
  return dims
    .map(({ label, left, right }) => {
      const bare = BARE_LABEL.test(label) && !NUMBER.test(label);
      return `${bare ? label : JSON.stringify(label)}=${left}/${right}`;
    })
    .join(',');
}
