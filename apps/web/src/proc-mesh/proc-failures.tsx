import { ProcStatusName, type ProcFailureGroup, type ProcMeshView } from '@hostmesh/contract';
import { links } from '../links.ts';
import { textOfAnsi } from '../log/ansi.ts';
import { adviceForEnd } from '../proc/advice.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Section } from '../ui/page/page-header.tsx';
import { procMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { countOf, formatCount } from '../ui/text/plain-text.ts';
import styles from './proc-mesh.module.css';

/** The last lines say most; all of them are on the page of the proc. */
const LINES_SHOWN = 10;

/** Failures by cause, biggest first: exit code or signal, the last lines of stderr, what it usually means. */
export function ProcFailures({ procMesh }: { procMesh: ProcMeshView }) {
  if (procMesh.failureGroups.length === 0) return null;
  return (
    <Section title="What went wrong">
      <ul className={styles['groups']}>
        {procMesh.failureGroups.map((group) => (
          <Group
            key={`${group.status} ${group.statusText} ${group.exitCode} ${group.signal}`}
            procMesh={procMesh}
            group={group}
          />
        ))}
      </ul>
    </Section>
  );
}

function Group({ procMesh, group }: { procMesh: ProcMeshView; group: ProcFailureGroup }) {
  const advice = adviceForEnd(group);
  const status = ProcStatusName.safeParse(group.status);
  return (
    <li>
      <div className={styles['groupHead']}>
        {status.success && <StateMark mark={procMarks[status.data]} />}
        <strong>{group.statusText}</strong>
        {group.exitCode !== null && !group.statusText.includes(`code ${group.exitCode}`) && (
          <code className="quiet">exit code {group.exitCode}</code>
        )}
        {group.signal !== null && !group.statusText.includes(group.signal) && (
          <code className="quiet">{group.signal}</code>
        )}
        <AppLink replace scroll={false} href={links.procMesh(procMesh.id, { filter: groupFilter(group) })}>
          {formatCount(group.count)} of {countOf(procMesh.counts.total, 'proc')}
        </AppLink>
      </div>
      {advice !== null && (
        <p className="quiet">
          {advice.meaning} {advice.tryThis}
        </p>
      )}
      {group.stderrTail.length > 0 && (
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
      )}
    </li>
  );
}

/** The filter of the table that shows the procs of a group, and as few others as a filter can say. */
export function groupFilter(
  group: Pick<ProcFailureGroup, 'status' | 'statusText' | 'exitCode' | 'signal'>,
): string {
  const status = `status:${group.status.toLowerCase()}`;
  // Words of a filter know no comma and no quote.
  const text = /[",]/.test(group.statusText) ? '' : ` text:"${group.statusText}"`;
  if (group.signal !== null) return `${status} signal:${group.signal}${text}`;
  return group.exitCode === null ? `${status}${text}` : `${status} exit:${group.exitCode}${text}`;
}
