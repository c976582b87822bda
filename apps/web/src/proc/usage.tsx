import type { ProcDetail, ProcStatusName } from '@hostmesh/contract';
import { assertNever, countOf } from '@hostmesh/core';
import { formatBytes } from '../ui/text/plain-text.ts';
import { formatDuration } from '../ui/time/format.ts';
import { Time } from '../ui/time/time.tsx';
import styles from './proc.module.css';

/** Why there is no usage to show. */
function noUsageText(status: ProcStatusName): string {
  switch (status) {
    case 'Unknown':
      return 'Its host cannot be heard, so nobody knows what it uses.';
    case 'Initializing':
    case 'Running':
    case 'Stopping':
      return 'Not measured yet.';
    case 'Timeout':
      return 'It did not answer in time, so nobody knows what it uses.';
    case 'Stopped':
    case 'Failed':
    case 'NotExist':
      return 'It does not run, so it uses nothing.';
    default:
      return assertNever(status);
  }
}

/** CPU and memory of the whole process group, as its host last measured them. */
export function Usage({ proc }: { proc: Pick<ProcDetail, 'usage' | 'pid' | 'status'> }) {
  const { usage } = proc;
  if (usage === null) {
    return <p className="quiet">{noUsageText(proc.status)}</p>;
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
