import { fail, ok, type Fault, type Result } from '../fault.ts';

const MAX_LENGTH = 63;

/** Which rule a text breaks; of several the first, in this order. */
export type LabelFault = Fault<'empty' | 'too_long' | 'invalid_start' | 'invalid_end' | 'invalid_char'>;

/**
 * Reads a label (reference 2.2): 1 to 63 characters of `a-z 0-9 _ -`, a letter first, a letter or digit last.
 * For identifiers that came from the system; for names typed by people see `stripLabel`.
 */
export function parseLabel(text: string): Result<string, LabelFault> {
  if (text === '') return fail({ code: 'empty', message: 'label must not be empty' });
  if (new TextEncoder().encode(text).length > MAX_LENGTH) {
    return fail({ code: 'too_long', message: `label exceeds ${MAX_LENGTH} characters` });
  }
  if (!/^[a-z]/.test(text)) {
    return fail({ code: 'invalid_start', message: 'label must start with a lowercase letter' });
  }
  if (!/[a-z\d]$/.test(text)) {
    return fail({ code: 'invalid_end', message: 'label must end with a lowercase letter or digit' });
  }
  const [illegal] = /[^a-z\d_-]/u.exec(text) ?? [];
  if (illegal !== undefined) {
    return fail({ code: 'invalid_char', message: `label contains invalid character '${illegal}'` });
  }
  return ok(text);
}

/** Makes a label of any text, `nil` when nothing usable is in it (reference 2.2). */
export function stripLabel(text: string): string {
  const legal = text
    .toLowerCase()
    .replace(/[^a-z\d_-]/g, '')
    .replace(/^[^a-z]+/, '');
  return legal.slice(0, MAX_LENGTH).replace(/[^a-z\d]+$/, '') || 'nil';
}
