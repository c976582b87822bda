'use client';

import type { Proc, ProcMeshView } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';
import { useParams } from 'next/navigation';
import { useMemo } from 'react';
import { links } from '../links.ts';
import { meshProcColumns } from '../proc/proc-columns.tsx';
import { mayRun } from '../standing/proc-mesh-standing.ts';
import { Button } from '../ui/button/button.tsx';
import { DataTable } from '../ui/data-table/data-table.tsx';
import { EmptyState } from '../ui/feedback/states.tsx';
import { Matrix } from '../ui/matrix/matrix.tsx';
import { useNavigate } from '../ui/navigation/use-navigate.ts';
import { Section } from '../ui/page/page-header.tsx';
import { procMarks } from '../ui/state/mark.ts';

/** The ranks of a proc mesh as a grid, by shape and colour, and as a table to filter, select and open. */
export function MeshProcs(props: {
  procMesh: ProcMeshView;
  procs: readonly Proc[];
  onStop: (procs: readonly Proc[]) => void;
}) {
  const { procMesh, procs, onStop } = props;
  const { pushBeside } = useNavigate();
  const { rank } = useParams<{ rank?: string }>();
  const marks = useMemo(() => procs.map(({ status }) => procMarks[status]), [procs]);
  const slots = Object.values(procMesh.perHost).reduce((product, size) => product * size, 1);
  return (
    <Section title={countOf(procs.length, 'proc')}>
      <Matrix
        marks={marks}
        labelOf={(index) => labelOf(procs[index])}
        noun="procs"
        group={slots}
        noLegend
        onOpen={(index) => {
          const proc = procs[index];
          if (proc !== undefined) pushBeside(links.meshProc(procMesh.id, proc.rank));
        }}
      />
      <DataTable
        name="mesh-procs"
        noun={['proc', 'procs']}
        rows={procs}
        rowId={rowId}
        rowLabel={({ rank }) => `rank ${rank}`}
        columns={meshProcColumns}
        rowHref={({ rank }) => links.meshProc(procMesh.id, rank)}
        opensBeside
        openId={rank}
        actions={(selected) => {
          const live = selected.filter(mayRun).length;
          return (
            <Button
              look="danger"
              whyDisabled={live === 0 ? 'All that are selected have ended' : null}
              onClick={() => onStop(selected)}
            >
              {live === 0 ? 'All of them have ended' : `Stop ${countOf(live, 'proc')}`}
            </Button>
          );
        }}
        empty={
          <EmptyState title="No procs">This spawn was refused before any proc was written down.</EmptyState>
        }
      />
    </Section>
  );
}

const rowId = ({ rank }: Proc) => String(rank);
/** The host, and what happened where that says more than the status, which is shown anyway. */
function labelOf(proc: Proc | undefined): string {
  if (proc === undefined) return '';
  const { hostAddress, status, statusText } = proc;
  return statusText === status.toLowerCase() ? hostAddress : `${hostAddress} · ${statusText}`;
}
