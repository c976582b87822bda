import { countOf, oneOrMany } from '@hostmesh/core';
import { hostConnectionsWithin, howToRaise, type OpenFileLimit } from '@hostmesh/part';

/** What this process may open, against what it is configured for. */
export interface OwnLimits {
  /** Dials at a time: what is configured, or fewer where the limit leaves room for fewer. */
  readonly concurrency: number;
  /** What does not fit, with the way out; for the log. */
  readonly warnings: readonly string[];
}

/** Descriptors beside those of hosts: HTTP, the database, files. */
const BESIDES = 256;

/** Checks the limit of open files; null: the system does not tell it. */
export function checkOwnLimits(
  { maxHosts, concurrency }: { readonly maxHosts: number; readonly concurrency: number },
  limit: OpenFileLimit | null,
): OwnLimits {
  if (limit === null) return { concurrency, warnings: [] };
  const room = hostConnectionsWithin(limit);
  const warnings: string[] = [];
  if (room < maxHosts) {
    warnings.push(
      `with ${countOf(limit.soft, 'open file')} at most ${countOf(room, 'host')} can be connected, and HOSTMESH_MAX_HOSTS is ${maxHosts}:` +
        ` ${howToRaise(limit, Math.ceil((maxHosts + BESIDES) * 1.34))}`,
    );
  }
  if (room < concurrency) {
    warnings.push(
      `at most ${countOf(room, 'host')} ${oneOrMany(room, 'is', 'are')} dialled at a time, and not ${concurrency} (HOSTMESH_CONCURRENCY)`,
    );
  }
  return { concurrency: Math.min(concurrency, room), warnings };
}
