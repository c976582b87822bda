import type { AuditEntry } from '@hostmesh/contract';
import { links } from '../../../links.ts';
import { AppLink } from '../../../ui/app-link.tsx';
import { Code, codeColumn, numberColumn, timeColumn } from '../../../ui/data-table/column-kinds.tsx';
import type { Column } from '../../../ui/data-table/column.ts';

/** The columns of the list of what was done. */
export const auditColumns: readonly Column<AuditEntry>[] = [
  timeColumn('when', 'When', (entry) => entry.at, { width: 100 }),
  { id: 'actor', header: 'Who', value: (entry) => entry.actor, width: 100, narrow: true },
  { id: 'action', header: 'Did', value: (entry) => entry.action, width: 150, narrow: true },
  {
    id: 'target',
    header: 'To',
    value: (entry) => entry.target,
    cell: (entry) => <Target entry={entry} />,
    width: 260,
    grow: true,
  },
  { id: 'outcome', header: 'Outcome', value: (entry) => entry.outcome, width: 180 },
  numberColumn('times', 'Times', ({ count }) => (count > 1 ? count : null), { width: 80 }),
  timeColumn('last', 'Last time', (entry) => entry.lastAt, { width: 100 }),
  codeColumn('request', 'Request', (entry) => entry.requestId, { width: 220, hidden: true }),
];

function Target({ entry }: { entry: AuditEntry }) {
  const href = targetHref(entry);
  if (href === null) return <Code text={entry.target} />;
  return (
    <AppLink href={href} tabIndex={-1}>
      <Code text={entry.target} />
    </AppLink>
  );
}

/** Where the thing that an audit entry is about is shown; null when it has no page. */
export function targetHref({ action, target }: Pick<AuditEntry, 'action' | 'target'>): string | null {
  if (target === null) return null;
  // Written as the mesh's name and the attempt's id.
  const attemptId = target.split(' ').find((word) => word.startsWith('att_'));
  if (attemptId !== undefined) return links.attempt(attemptId);
  return action.startsWith('mesh.') ? links.mesh(target) : null;
}
