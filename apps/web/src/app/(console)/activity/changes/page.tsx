'use client';

import { changeKinds, stateWord, type Change } from '@hostmesh/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { activityTabs } from '../../../../shell/pages.ts';
import { Tabs } from '../../../../ui/page/tabs.tsx';
import { changeColumns } from '../../../../change/change-columns.tsx';
import { StaleChanges } from '../../../../change/change-history.tsx';
import { links } from '../../../../links.ts';
import { useLiveState } from '../../../../live/live-provider.tsx';
import { CHANGES_REFRESH_MS, changesQuery } from '../../../../queries/change-queries.ts';
import { KeptNote } from '../../../../standing/kept-note.tsx';
import { Button, ButtonLink } from '../../../../ui/button/button.tsx';
import { Choice } from '../../../../ui/data-table/choice.tsx';
import { DataTable } from '../../../../ui/data-table/data-table.tsx';
import { useUrlState } from '../../../../ui/data-table/url-state.ts';
import { EmptyState, Loaded, Skeleton } from '../../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../../ui/page/page-header.tsx';

const kindWords: Record<(typeof changeKinds)[number], string> = {
  host: 'hosts',
  mesh: 'meshes',
  attempt: 'attempts',
  proc_mesh: 'proc meshes',
  orphan: 'orphans',
  engine: 'the console',
};

/** Every change of everything, newest first: all of them, or those of one mesh, attempt or kind, as the URL says. */
export default function ChangesPage() {
  const live = useLiveState();
  const [mesh] = useUrlState('mesh');
  const [attempt] = useUrlState('attempt');
  const [given, setKind] = useUrlState('kind');
  const kind = changeKinds.find((each) => each === given);
  const filter = { ...(mesh && { mesh }), ...(attempt && { attempt }), ...(kind && { kind }) };
  const changes = useInfiniteQuery({
    ...changesQuery(filter),
    refetchInterval: live.kind === 'paused' ? false : CHANGES_REFRESH_MS,
  });
  const isOfOne = mesh !== '' || attempt !== '';
  const older = changes.hasNextPage && (
    <Button
      look="quiet"
      whyDisabled={changes.isFetchingNextPage ? 'They are being loaded' : null}
      onClick={() => void changes.fetchNextPage({ cancelRefetch: false })}
    >
      Load older
    </Button>
  );
  return (
    <>
      <PageTitle>Changes</PageTitle>
      <PageHeader
        noun="Activity"
        sentence={
          isOfOne
            ? `What became of ${mesh === '' ? attempt : mesh} and all that is on it.`
            : 'What became of hosts, meshes, attempts, procs and the console itself, and who asked for it.'
        }
        actions={isOfOne && <ButtonLink href={links.changes()}>Show all changes</ButtonLink>}
      />
      <Tabs label="Activity" tabs={activityTabs} />
      <StaleChanges query={changes} />
      <Loaded query={changes} what="The changes could not be read" skeleton={<Skeleton lines={10} />}>
        {({ pages }) => (
          <Changes
            pages={pages}
            isAll={Object.keys(filter).length === 0}
            tools={
              <>
                <Choice label="Of" value={kind ?? ''} all="everything" words={kindWords} choose={setKind} />
                {older}
              </>
            }
          />
        )}
      </Loaded>
      <KeptNote what="Changes" />
    </>
  );
}

const rowId = ({ id }: Change) => id;

function Changes(props: {
  pages: readonly { items: readonly Change[] }[];
  isAll: boolean;
  tools: ReactNode;
}) {
  const { pages, isAll, tools } = props;
  const rows = useMemo(() => pages.flatMap((page) => page.items), [pages]);
  return (
    <DataTable
      name="changes"
      noun={['change', 'changes']}
      rows={rows}
      rowId={rowId}
      rowLabel={({ to, at }) => `${stateWord(to)} at ${at}`}
      columns={changeColumns}
      tools={tools}
      empty={
        <>
          {!isAll && <p>{tools}</p>}
          <EmptyState title={isAll ? 'Nothing has changed yet' : 'Nothing of that has changed'}>
            Each time a host, mesh, attempt, proc mesh or the console itself becomes something else, that is
            noted here with why and by whom.
          </EmptyState>
        </>
      }
    />
  );
}
