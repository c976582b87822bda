import type { ProcDetail } from '@hostmesh/contract';
import { formatBytes } from '../ui/text/bytes.ts';
import { countOf } from '../ui/text/count.ts';
import { formatDuration } from '../ui/time/format.ts';
import { Time } from '../ui/time/time.tsx';
import styles from './proc.module.css';

/** CPU and memory of the whole process group, as its host last measured them. */
export function Usage({ proc }: { proc: Pick<ProcDetail, 'usage' | 'pid' | 'status'> }) {
  const { usage } = proc;
  if (usage === null) {
    return (
      <p className="quiet">
        {proc.status === 'Unknown'
          ? 'Its host cannot be heard, so nobody knows what it uses.'
          : 'It does not run, so it uses nothing.'}
      </p>
    );
  }
  return (
    <p className={styles['usage']}>
      <span>
        <strong>{usage.cpuPercent === null ? 'not measured yet' : `${usage.cpuPercent.toFixed(1)} %`}</strong>{' '}
        of a core
      </span>
      <span>
        <strong>{formatBytes(usage.rssBytes)}</strong> of memory
      </span>
      <span className="quiet">
        {formatDuration(usage.cpuMs)} of CPU so far, {countOf(usage.processes, 'process', 'processes')},
        measured <Time at={usage.at} />
      </span>
    </p>
  );
}
