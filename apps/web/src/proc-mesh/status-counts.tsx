import { afterEndText, type ProcMeshView, type ProcStatusName } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { links } from '../links.ts';
import { afterEndFilter } from '../proc/proc-columns.tsx';
import { AppLink } from '../ui/app-link.tsx';
import { procMarks } from '../ui/state/mark.ts';
import { CountLink, ToneBar } from '../ui/state/tone-bar.tsx';
import styles from './proc-mesh.module.css';

/** In this order: what is well, what is on its way, what is not well. */
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
export function StatusCounts({ procMesh }: { procMesh: ProcMeshView }) {
  const { id, counts } = procMesh;
  const present = order.filter((status) => counts[status] > 0);
  const spoken = present.map((status) => `${formatCount(counts[status])} ${status}`).join(', ');
  const total = formatCount(counts.total);
  return (
    <>
      <div className={styles['counts']}>
        <ToneBar
          role="img"
          aria-label={`Of ${countOf(counts.total, 'proc')}: ${spoken}`}
          shares={present.map((status) => ({ tone: procMarks[status].tone, count: counts[status] }))}
          total={counts.total}
        >
          {present.map((status) => (
            <CountLink
              key={status}
              tone={procMarks[status].tone}
              href={links.procMesh(id, { filter: `status:${status.toLowerCase()}` })}
            >
              {formatCount(counts[status])} of {total} {status}
            </CountLink>
          ))}
          {(['restarting', 'lingering'] as const).map(
            (afterEnd) =>
              counts[afterEnd] > 0 && (
                <CountLink
                  key={afterEnd}
                  tone="moving"
                  href={links.procMesh(id, { filter: afterEndFilter(afterEnd) })}
                >
                  {afterEndText({ restarting: 0, lingering: 0, [afterEnd]: counts[afterEnd] })}
                </CountLink>
              ),
          )}
        </ToneBar>
      </div>
      <Residue procMesh={procMesh} />
    </>
  );
}

/** What a spawn that failed may have left behind, said where nobody can miss it. */
function Residue({ procMesh }: { procMesh: ProcMeshView }) {
  if (procMesh.state !== 'spawn_failed' || procMesh.residue === 0) return null;
  return (
    <p className={styles['residue']} role="status">
      <strong>{countOf(procMesh.residue, 'proc')}</strong> of {countOf(procMesh.counts.total, 'proc')} may
      still run: the roll-back was not confirmed there. Their hosts stop them when nobody vouches for them any
      more; until then they are listed as <AppLink href={links.orphans()}>orphans</AppLink>.
    </p>
  );
}
