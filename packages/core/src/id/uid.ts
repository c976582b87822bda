import { fail, ok, type Fault, type Result } from '../fault.ts';
import { parseLabel } from '../text/label.ts';
import { decodeBase58, encodeBase58 } from '../text/base58.ts';

/**
 * What identifies procs, actors and meshes (reference 2.3): a label that stands for itself, or a random unsigned
 * 64-bit number whose label is for people and ignored by `sameUid` and `compareUids`.
 */
export type Uid =
  | { readonly kind: 'singleton'; readonly label: string }
  | { readonly kind: 'instance'; readonly number: bigint; readonly label: string | null };

/** Why a text is no uid. */
export type UidFault = Fault<'invalid_uid_syntax' | 'invalid_base58' | 'invalid_label'>;

function checkLabel(text: string): Result<string, UidFault> {
  const label = parseLabel(text);
  if (label.ok) return label;
  return fail({ code: 'invalid_label', message: `invalid label: ${label.fault.message}` });
}

/** Reads `label`, `<base58>` or `label<base58>`; also the JSON form. */
export function parseUid(text: string): Result<Uid, UidFault> {
  const syntax = (expected: string, found: string) =>
    fail<UidFault>({
      code: 'invalid_uid_syntax',
      message: `invalid uid syntax: expected ${expected}, found ${found === '' ? 'end of input' : `"${found}"`}`,
    });
  if (text === '') return syntax('"label" or "<"', '');
  const open = text.indexOf('<');
  const label = open === 0 ? null : checkLabel(open < 0 ? text : text.slice(0, open));
  if (label !== null && !label.ok) return label;
  if (open < 0 && label !== null) return ok({ kind: 'singleton', label: label.value });
  const close = text.indexOf('>', open);
  if (close < 0) return syntax('">"', '');
  if (close !== text.length - 1) return syntax('end of input', text.slice(close + 1));
  const digits = text.slice(open + 1, close);
  const number = decodeBase58(digits);
  if (number === undefined) return fail({ code: 'invalid_base58', message: `invalid base58 uid: ${digits}` });
  return ok({ kind: 'instance', number, label: label?.value ?? null });
}

/** Reads back to the same uid, label included. */
export function printUid(uid: Uid): string {
  return uid.kind === 'singleton' ? uid.label : `${uid.label ?? ''}<${encodeBase58(uid.number)}>`;
}

/** Negative, zero or positive: singletons by label come before instances by number. */
export function compareUids(a: Uid, b: Uid): number {
  if (a.kind === 'singleton') return b.kind === 'singleton' ? order(a.label, b.label) : -1;
  return b.kind === 'instance' ? order(a.number, b.number) : 1;
}

function order<T extends string | bigint>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two uids identify the same thing, whatever the labels of instances. */
export function sameUid(a: Uid, b: Uid): boolean {
  return compareUids(a, b) === 0;
}
