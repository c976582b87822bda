import type { ProcCounts, ProcStatusName } from '@hostmesh/contract';
import { AppLink } from '../ui/app-link.tsx';
import { procMarks } from '../ui/state/mark.ts';
import { Shape } from '../ui/state/state-mark.tsx';
import { formatCount } from '../ui/text/plain-text.ts';
import styles from './proc-mesh.module.css';

/** In the order of a glance: what is well, what is on its way, what is not well. */
const order = [
  'Running',
  'Initializing',
  'Stopping',
  'Stopped',
  'Failed',
  'Timeout',
  'Unknown',
  'NotExist',
] as const satisfies readonly ProcStatusName[];

/**
 * How many procs have which status, as a bar and as counts that lead to those procs. They add up to the whole, which
 * each of them names.
 */
export function StatusCounts({
  counts,
  hrefOf,
}: {
  counts: ProcCounts;
  hrefOf: (status: ProcStatusName) => string;
}) {
  const present = order.filter((status) => counts[status] > 0);
  const spoken = present.map((status) => `${formatCount(counts[status])} ${status}`).join(', ');
  const total = formatCount(counts.total);
  return (
    <div className={styles['progress']}>
      <div className={styles['bar']} role="img" aria-label={`Of ${total} procs: ${spoken}`}>
        {present.map((status) => (
          // SVG takes its width from an attribute, which the content policy allows where a style is refused.
          <svg
            key={status}
            width={`${(counts[status] / counts.total) * 100}%`}
            height="8"
            data-tone={procMarks[status].tone}
            aria-hidden="true"
          >
            <rect width="100%" height="8" fill="currentColor" />
          </svg>
        ))}
      </div>
      <ul className={styles['counts']}>
        {present.map((status) => (
          <li key={status}>
            <AppLink replace scroll={false} href={hrefOf(status)}>
              <Shape tone={procMarks[status].tone} /> {formatCount(counts[status])} of {total} {status}
            </AppLink>
          </li>
        ))}
      </ul>
    </div>
  );
}
