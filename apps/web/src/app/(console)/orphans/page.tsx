'use client';

import { useQuery } from '@tanstack/react-query';
import { OrphanList } from '../../../orphan/orphan-list.tsx';
import { orphansSentence } from '../../../orphan/orphans-sentence.ts';
import { procTabs } from '../../../shell/pages.ts';
import { Tabs } from '../../../ui/page/tabs.tsx';
import { orphansQuery } from '../../../queries/proc-queries.ts';
import { Button } from '../../../ui/button/button.tsx';
import { Loaded, Skeleton } from '../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';

/** Procs on our hosts that no live proc mesh of ours accounts for: why, whose, and when their host will stop them. */
export default function OrphansPage() {
  const orphans = useQuery(orphansQuery());
  return (
    <>
      <PageTitle>Orphans</PageTitle>
      <PageHeader
        noun="Orphans"
        sentence={orphans.data && orphansSentence(orphans.data)}
        actions={
          <Button
            whyDisabled={orphans.isFetching ? 'The hosts are being asked' : null}
            onClick={() => void orphans.refetch()}
          >
            {orphans.isFetching ? 'Asking every host' : 'Ask again'}
          </Button>
        }
      />
      <Tabs label="Procs" tabs={procTabs} />
      <Loaded
        query={orphans}
        what="The hosts could not be asked"
        skeleton={<Skeleton lines={8} label="Asking every host" />}
      >
        {(reply) => <OrphanList reply={reply} />}
      </Loaded>
    </>
  );
}
