'use client';

import { isEndState, type ProcMeshView } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { links } from '../../../links.ts';
import { procMeshColumns } from '../../../proc-mesh/proc-mesh-columns.tsx';
import { procTabs } from '../../../shell/pages.ts';
import { Tabs } from '../../../ui/page/tabs.tsx';
import { procMeshesQuery } from '../../../queries/proc-mesh-queries.ts';
import { CutNote } from '../../../standing/cut-note.tsx';
import { ButtonLink } from '../../../ui/button/button.tsx';
import { DataTable } from '../../../ui/data-table/data-table.tsx';
import { EmptyState, Loaded } from '../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';

/** Every proc mesh that is or was spawned, newest first. */
export default function ProcMeshesPage() {
  const procMeshes = useQuery(procMeshesQuery());
  return (
    <>
      <PageTitle>Procs</PageTitle>
      <PageHeader
        noun="Procs"
        sentence={procMeshes.data === undefined ? undefined : sentenceOf(procMeshes.data)}
        actions={<ButtonLink href={links.meshes({ filter: 'state:attached' })}>Spawn on a mesh</ButtonLink>}
      />
      <Tabs label="Procs" tabs={procTabs} />
      <Loaded query={procMeshes} what="The proc meshes could not be read">
        {(rows) => (
          <>
            <CutNote of="procMeshes" shown={rows.length} />
            <DataTable
              name="proc-meshes"
              noun={['proc mesh', 'proc meshes']}
              rows={rows}
              rowId={({ id }) => id}
              rowLabel={({ name }) => `proc mesh ${name}`}
              columns={procMeshColumns}
              rowHref={({ id }) => links.procMesh(id)}
              empty={
                <EmptyState
                  title="No procs yet"
                  action={<ButtonLink href={links.meshes()}>Choose a mesh</ButtonLink>}
                >
                  A proc mesh is one program started on every host of a mesh, so many times on each. Open a
                  mesh that is attached and choose “Spawn procs”.
                </EmptyState>
              }
            />
          </>
        )}
      </Loaded>
    </>
  );
}

function sentenceOf(procMeshes: readonly ProcMeshView[]): string | undefined {
  if (procMeshes.length === 0) return undefined;
  const live = procMeshes.filter(({ state }) => !isEndState(state));
  const sum = (part: (procMesh: ProcMeshView) => number) => live.reduce((total, one) => total + part(one), 0);
  const total = sum(({ counts }) => counts.total);
  const failed = sum(({ counts }) => counts.Failed + counts.Timeout);
  const unknown = sum(({ counts }) => counts.Unknown);
  if (live.length === 0) return 'Nothing runs now.';
  const whole = `${countOf(total, 'proc')} in ${countOf(live.length, 'proc mesh', 'proc meshes')}`;
  const bad = [
    failed > 0 && `${formatCount(failed)} failed`,
    unknown > 0 && `${formatCount(unknown)} unknown`,
  ];
  const said = bad.filter((part) => part !== false).join(', ');
  return said === '' ? `${whole}; none has failed.` : `${whole}: ${said}.`;
}
