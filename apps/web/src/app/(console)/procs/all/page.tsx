'use client';

import type { Proc, ProcStatusName } from '@hostmesh/contract';
import { countOf, statusKinds } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { links } from '../../../../links.ts';
import { MAX_ALL_PROCS } from '../../../../live/apply-event.ts';
import { allProcColumns } from '../../../../proc/proc-columns.tsx';
import { procTabs } from '../../../../shell/pages.ts';
import { Tabs } from '../../../../ui/page/tabs.tsx';
import { allProcsQuery } from '../../../../queries/proc-queries.ts';
import { ButtonLink } from '../../../../ui/button/button.tsx';
import { Choice } from '../../../../ui/data-table/choice.tsx';
import { DataTable } from '../../../../ui/data-table/data-table.tsx';
import { useUrlState } from '../../../../ui/data-table/url-state.ts';
import { EmptyState, Loaded, Skeleton } from '../../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../../ui/page/page-header.tsx';

const statusWords = Object.fromEntries(statusKinds.map((kind) => [kind, kind]));
const statusOf = (text: string): ProcStatusName | '' => statusKinds.find((kind) => kind === text) ?? '';

/** Procs of all proc meshes, newest mesh first; with a status those that have it, however old. */
export default function AllProcsPage() {
  const [chosen, choose] = useUrlState('status');
  const status = statusOf(chosen);
  const procs = useQuery(allProcsQuery(status));
  const choice = <Choice label="Status" value={status} all="any" words={statusWords} choose={choose} />;
  return (
    <>
      <PageTitle>All procs</PageTitle>
      <PageHeader noun="Procs" sentence={procs.data && sentenceOf(procs.data, status)} />
      <Tabs label="Procs" tabs={procTabs} />
      <Loaded query={procs} what="The procs could not be read" skeleton={<Skeleton lines={10} />}>
        {(rows) => (
          <DataTable
            name="all-procs"
            noun={['proc', 'procs']}
            rows={rows}
            rowId={({ id }) => id}
            rowLabel={({ id }) => `proc ${id}`}
            columns={allProcColumns}
            rowHref={({ id }) => links.proc(id)}
            tools={choice}
            empty={
              <>
                {choice}
                <EmptyState
                  title={status === '' ? 'No procs yet' : `No proc is ${status}`}
                  action={<ButtonLink href={links.procMeshes()}>See proc meshes</ButtonLink>}
                >
                  {status === ''
                    ? 'Procs are listed here from the moment that they are asked for, and stay when they have ended.'
                    : 'Choose another status to see the others.'}
                </EmptyState>
              </>
            }
          />
        )}
      </Loaded>
    </>
  );
}

function sentenceOf(procs: readonly Proc[], status: string): string {
  const what = status === '' ? '' : ` that are ${status}`;
  return procs.length < MAX_ALL_PROCS
    ? `All ${countOf(procs.length, 'proc')}${what}.`
    : `The newest ${countOf(procs.length, 'proc')}${what}; older ones are on the page of their proc mesh.`;
}
