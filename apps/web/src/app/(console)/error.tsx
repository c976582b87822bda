'use client';

import { Button } from '../../ui/button/button.tsx';
import { EmptyState } from '../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../ui/page/page-header.tsx';

/** Shown in place of a page that broke; the frame around it goes on. */
export default function PageError({ error, retry }: { error: Error; retry: () => void }) {
  return (
    <>
      <PageTitle>This page broke</PageTitle>
      <PageHeader noun="This page broke" />
      <EmptyState
        title="It is a fault of the dashboard"
        action={<Button onClick={retry}>Show it again</Button>}
      >
        Hosts and attempts are not touched by it. What went wrong: {error.message}
      </EmptyState>
    </>
  );
}
