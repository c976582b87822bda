import { ProcStatusName, type ProcFailureGroup, type ProcMeshView } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { links } from '../links.ts';
import { textOfAnsi } from '../log/ansi.ts';
import { adviceForEnd } from '../proc/proc-advice.ts';
import { AppLink } from '../ui/app-link.tsx';
import { AdviceText, FailureGroupItem, FailureGroups } from '../ui/page/failure-groups.tsx';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import styles from './proc-mesh.module.css';

/** So many of the last lines are shown; all of them are on the page of the proc. */
const LINES_SHOWN = 10;

/** Failures by cause, biggest first: exit code or signal, the last lines of stderr, what it usually means. */
export function ProcFailures({ procMesh }: { procMesh: ProcMeshView }) {
  if (procMesh.failureGroups.length === 0) return null;
  return (
    <FailureGroups>
      {procMesh.failureGroups.map((group) => (
        <FailureGroupItem
          key={`${group.status} ${group.statusText} ${group.exitCode} ${group.signal}`}
          cause={<Cause group={group} />}
          href={groupHref(procMesh, group)}
          count={`${formatCount(group.count)} of ${countOf(procMesh.counts.total, 'proc')}`}
        >
          <AdviceText advice={adviceForEnd(group)} />
          <StderrTail procMesh={procMesh} group={group} />
        </FailureGroupItem>
      ))}
    </FailureGroups>
  );
}

/** Of a failed spawn the ranks that made it fail have been stopped since, as all others: the first one tells its story. */
const groupHref = ({ id, state }: ProcMeshView, group: ProcFailureGroup): string =>
  state === 'spawn_failed'
    ? links.meshProc(id, group.firstRank)
    : links.procMesh(id, { filter: groupFilter(group) });

/** What happened, with the code or the signal where the text does not name it. */
function Cause({ group }: { group: ProcFailureGroup }) {
  const status = ProcStatusName.safeParse(group.status);
  return (
    <>
      {status.success && <StateMark mark={procMarks[status.data]} />}
      <strong>{group.statusText}</strong>
      {group.exitCode !== null && !group.statusText.includes(`code ${group.exitCode}`) && (
        <code className="quiet">exit code {group.exitCode}</code>
      )}
      {group.signal !== null && !group.statusText.includes(group.signal) && (
        <code className="quiet">{group.signal}</code>
      )}
    </>
  );
}

function StderrTail({ procMesh, group }: { procMesh: ProcMeshView; group: ProcFailureGroup }) {
  if (group.stderrTail.length === 0) return null;
  return (
    <>
      <p className="quiet">
        Last lines of stderr of{' '}
        <AppLink scroll={false} href={links.meshProc(procMesh.id, group.firstRank)}>
          rank {group.firstRank}
        </AppLink>
      </p>
      <pre
        className={styles['tail']}
        tabIndex={0}
        aria-label={`Last lines of stderr of rank ${group.firstRank}`}
      >
        {group.stderrTail.slice(-LINES_SHOWN).map(textOfAnsi).join('\n')}
      </pre>
    </>
  );
}

/** A filter of the table that shows all procs of a group, and as few others as filters can tell apart. */
export function groupFilter(
  group: Pick<ProcFailureGroup, 'status' | 'statusText' | 'exitCode' | 'signal'>,
): string {
  const status = `status:${group.status.toLowerCase()}`;
  // A word of a filter can contain neither commas nor quotes.
  const text = /[",]/.test(group.statusText) ? '' : ` text:"${group.statusText}"`;
  if (group.signal !== null) return `${status} signal:${group.signal}${text}`;
  return group.exitCode === null ? `${status}${text}` : `${status} exit:${group.exitCode}${text}`;
}
