import { countOf } from '../text/count.ts';
import type { AddressFaultCode } from '../address/address.ts';
import { fail, type Fault, type Result } from '../fault.ts';
import type { HostListEntry } from './host-list-entry.ts';

/** One thing to correct: the line counted from 1, the `entry` as typed, a `message` that says what to do. */
export interface HostListError {
  readonly line: number;
  readonly entry: string;
  readonly code:
    | AddressFaultCode
    | 'empty_host_list'
    | 'missing_separator'
    | 'entry_too_long'
    | 'invalid_range'
    | 'foreign_syntax'
    | 'port_zero'
    | 'duplicate_host'
    | 'too_many_hosts';
  readonly message: string;
}

/** Everything that is wrong with a host list, in the order of its lines. */
export interface HostListFault extends Fault<'empty_host_list' | 'too_many_hosts' | 'invalid_host_list'> {
  readonly errors: readonly HostListError[];
}

const MAX_QUOTED = 200;

/** The text of an entry as far as it can be shown. */
export function quoteEntry({ text }: HostListEntry): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}

/** A fault of one entry, placed where the entry stands. */
export function errorAt(entry: HostListEntry, fault: Fault<HostListError['code']>): HostListError {
  return { line: entry.line, entry: quoteEntry(entry), code: fault.code, message: fault.message };
}

/** A host list with errors, of which there is at least one. */
export function failHostList(
  code: HostListFault['code'],
  errors: readonly HostListError[],
): Result<never, HostListFault> {
  const sorted = errors.toSorted((a, b) => a.line - b.line);
  const first = sorted[0] === undefined ? '' : `line ${sorted[0].line}: ${sorted[0].message}`;
  const more = sorted.length - 1;
  const message = more > 0 ? `${first} (and ${countOf(more, 'more error')})` : first;
  return fail({ code, message, errors: sorted });
}
