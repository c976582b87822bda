import { addressKey, dialHalf } from '../address/address.ts';
import { parseAddress } from '../address/parse-address.ts';
import { printAddress } from '../address/print-address.ts';
import { fail, ok, type Fault, type Result } from '../fault.ts';
import type { HostListEntry } from './host-list-entry.ts';
import { errorAt, quoteEntry, type HostListError } from './host-list-fault.ts';

/** One host of a list; its rank is its place. */
export interface ListedHost {
  /** What is dialled and what identifies the host: of an alias its dial half. */
  readonly address: ReturnType<typeof dialHalf>;
  /** The printed native form of `address`. */
  readonly text: string;
  /** Where it is listed, counted from 1. */
  readonly line: number;
}

/** An entry and the hosts that its ranges expand to, or why it has none. */
export interface ExpandedEntry {
  readonly entry: HostListEntry;
  readonly expanded: Result<readonly string[], Fault<HostListError['code']>>;
}

function parseDialled(text: string): Result<ListedHost['address'], Fault<HostListError['code']>> {
  const parsed = parseAddress(text);
  if (!parsed.ok) return parsed;
  const address = dialHalf(parsed.value);
  if ('port' in address && address.port === 0) {
    return fail({ code: 'port_zero', message: 'port 0 cannot be dialled: write the port of the host agent' });
  }
  return ok(address);
}

const andMore = (count: number) => (count > 1 ? `, and ${count - 1} more of this range` : '');

/**
 * Reads the address of every host and finds those listed twice, in time linear in their number. What is wrong with
 * a range is one error, however many of its hosts it concerns: one per host would bury the others.
 */
export function collectHosts(entries: Iterable<ExpandedEntry>): {
  hosts: ListedHost[];
  errors: HostListError[];
} {
  const hosts: ListedHost[] = [];
  const errors: HostListError[] = [];
  const listedBy = new Map<string, HostListEntry>();
  for (const { entry, expanded } of entries) {
    if (!expanded.ok) {
      errors.push(errorAt(entry, expanded.fault));
      continue;
    }
    const invalid: { text: string; fault: Fault<HostListError['code']> }[] = [];
    const duplicates = new Map<HostListEntry, string[]>();
    for (const text of expanded.value) {
      const address = parseDialled(text);
      if (!address.ok) {
        invalid.push({ text, fault: address.fault });
        continue;
      }
      const key = addressKey(address.value);
      const printed = printAddress(address.value);
      const earlier = listedBy.get(key);
      if (earlier === undefined) {
        listedBy.set(key, entry);
        hosts.push({ address: address.value, text: printed, line: entry.line });
      } else {
        const texts = duplicates.get(earlier) ?? [];
        texts.push(printed);
        duplicates.set(earlier, texts);
      }
    }
    const [first] = invalid;
    if (first !== undefined) {
      const subject = first.text === entry.text ? '' : `${first.text}: `;
      const message = `${subject}${first.fault.message}${andMore(invalid.length)}`;
      errors.push(errorAt(entry, { code: first.fault.code, message }));
    }
    for (const [earlier, texts] of duplicates) errors.push(duplicateError(entry, earlier, texts));
  }
  return { hosts, errors };
}

function duplicateError(
  entry: HostListEntry,
  earlier: HostListEntry,
  texts: readonly string[],
): HostListError {
  const where =
    earlier === entry ? 'twice in this range' : `already on line ${earlier.line} ('${quoteEntry(earlier)}')`;
  const message = `${texts[0]} is listed ${where}${andMore(texts.length)}: remove one of the two`;
  return errorAt(entry, { code: 'duplicate_host', message });
}
