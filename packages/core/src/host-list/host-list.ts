import { fail, ok, type Fault, type Result } from '../fault.ts';
import { collectHosts, type ListedHost } from './collect-hosts.ts';
import { splitEntries, type HostListEntry } from './host-list-entry.ts';
import { hintOfEntry } from './foreign-syntax.ts';
import { errorAt, failHostList, type HostListError, type HostListFault } from './host-list-fault.ts';
import { expandPattern, firstOfPattern, parsePattern, type HostPattern } from './host-range.ts';

/** Hosts in the order of their ranks, no two the same. */
export interface HostList {
  readonly hosts: readonly ListedHost[];
}

/** Far above what a host needs; a range that lists its numbers one by one can be long. */
const MAX_ENTRY_LENGTH = 4096;

function parseEntry(text: string): Result<HostPattern, Fault<HostListError['code']>> {
  if (text.length > MAX_ENTRY_LENGTH) {
    const message = `an entry has at most ${MAX_ENTRY_LENGTH} characters: separate hosts by commas or line ends`;
    return fail({ code: 'entry_too_long', message });
  }
  const hint = hintOfEntry(text);
  if (hint !== undefined) return fail({ code: 'foreign_syntax', message: hint });
  const pattern = parsePattern(text);
  if (
    pattern.ok &&
    pattern.value.segments.some((segment) => typeof segment === 'string' && /\s/.test(segment))
  ) {
    return fail({
      code: 'missing_separator',
      message: 'separate hosts by commas or line ends, not by blanks',
    });
  }
  return pattern;
}

/**
 * Reads a host list (design section 4): one host per line or comma separated, `#` comments, ranges such as
 * `tcp:gpu[001-128,200]:26600` or, with a step, `[0-64/4]`, where several brackets make every combination. Of a list of strings each is a line.
 * Collects every error. A list of more than `maxHosts` is refused before any range of it is expanded.
 */
export function parseHostList(
  input: string | readonly string[],
  options: { readonly maxHosts: number },
): Result<HostList, HostListFault> {
  const { maxHosts } = options;
  const entries = splitEntries(input).map((entry) => ({ entry, pattern: parseEntry(entry.text) }));
  let count = 0n;
  let firstTooMany: HostListEntry | undefined;
  for (const { entry, pattern } of entries) {
    if (pattern.ok) count += pattern.value.count;
    if (count > maxHosts) firstTooMany ??= entry;
  }
  // Of a list that is too long, one host per entry is enough to find what else is wrong.
  const expand = firstTooMany ? (pattern: HostPattern) => [firstOfPattern(pattern)] : expandPattern;
  const { hosts, errors } = collectHosts(
    entries.map(({ entry, pattern }) => ({
      entry,
      expanded: pattern.ok ? ok(expand(pattern.value)) : pattern,
    })),
  );
  if (firstTooMany !== undefined) {
    const message = `the list has ${count} hosts, at most ${maxHosts} are allowed: remove some or shorten a range`;
    errors.push(errorAt(firstTooMany, { code: 'too_many_hosts', message }));
    return failHostList('too_many_hosts', errors);
  }
  if (errors.length > 0) return failHostList('invalid_host_list', errors);
  if (hosts.length === 0) {
    const message = 'the list is empty: write at least one host, for example tcp:10.0.0.5:26600';
    return failHostList('empty_host_list', [{ line: 1, entry: '', code: 'empty_host_list', message }]);
  }
  return ok({ hosts });
}
