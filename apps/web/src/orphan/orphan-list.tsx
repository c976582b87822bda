import type { Orphan, OrphansReply } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useState } from 'react';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Button } from '../ui/button/button.tsx';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { EmptyState } from '../ui/feedback/states.tsx';
import { Shape } from '../ui/state/state-mark.tsx';
import { withoutLead } from '../ui/text/plain-text.ts';
import { Time } from '../ui/time/time.tsx';
import { orphanColumns } from './orphan-columns.tsx';
import styles from './orphan.module.css';
import { StopOrphansDialog } from './stop-orphans-dialog.tsx';

/** What the hosts answered: when they were asked, which did not answer, and the orphans that the others have. */
export function OrphanList({ reply }: { reply: OrphansReply }) {
  const [stopping, setStopping] = useState<readonly Orphan[] | null>(null);
  return (
    <>
      <p className={styles['asked']}>
        Every host of the attached meshes was asked, and those where procs of ended ones may be left,{' '}
        <Time at={reply.askedAt} />.
      </p>
      <Unreachable hosts={reply.unreachable} />
      <DataTable
        name="orphans"
        noun={['orphan', 'orphans']}
        rows={reply.items}
        rowId={rowId}
        rowLabel={({ procId }) => `proc ${procId}`}
        columns={orphanColumns}
        actions={(selected) => (
          <Button look="danger" onClick={() => setStopping(selected)}>
            Stop {countOf(selected.length, 'orphan')}
          </Button>
        )}
        empty={
          <EmptyState
            title={reply.unreachable.length === 0 ? 'No orphans' : 'No orphans on the hosts that answered'}
          >
            A proc is listed here when a host of ours runs it and no live proc mesh of ours accounts for it:
            its owner is gone, or is somebody else.
          </EmptyState>
        }
      />
      {stopping !== null && <StopOrphansDialog orphans={stopping} onClose={() => setStopping(null)} />}
    </>
  );
}

function Unreachable({ hosts }: { hosts: OrphansReply['unreachable'] }) {
  if (hosts.length === 0) return null;
  return (
    <details className={styles['unreachable']} open={hosts.length <= 5}>
      <summary>
        <Shape tone="unknown" /> {countOf(hosts.length, 'host')} did not answer and may have more
      </summary>
      <ul>
        {hosts.map((host) => (
          <li key={`${host.meshId} ${host.rank}`}>
            <AppLink href={links.meshHost(host.meshId, host.rank)}>
              <code>{host.address}</code>
            </AppLink>{' '}
            <span className="quiet">{withoutLead(host.message, host.address)}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

const rowId = ({ procMeshId, procId, meshId, hostRank }: Orphan) =>
  `${meshId}/${hostRank}/${procMeshId}/${procId}`;
