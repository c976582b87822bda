import type { ProcCounts, ProcStatusName } from '@hostmesh/contract';
import { procMarks } from '../ui/state/mark.ts';
import { CountLink, ToneBar } from '../ui/state/tone-bar.tsx';
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
    <div className={styles['counts']}>
      <ToneBar
        role="img"
        aria-label={`Of ${total} procs: ${spoken}`}
        shares={present.map((status) => ({ tone: procMarks[status].tone, count: counts[status] }))}
        total={counts.total}
      >
        {present.map((status) => (
          <CountLink key={status} tone={procMarks[status].tone} href={hrefOf(status)}>
            {formatCount(counts[status])} of {total} {status}
          </CountLink>
        ))}
      </ToneBar>
    </div>
  );
}
