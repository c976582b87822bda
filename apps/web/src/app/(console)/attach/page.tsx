'use client';

import { use } from 'react';
import { GoStep, WhatStep, WhoStep } from '../../../attach/attach-steps.tsx';
import styles from '../../../attach/attach.module.css';
import { emptyAttachForm, type AttachForm } from '../../../attach/attach-form.ts';
import { useAttach, useEarlierForm } from '../../../attach/use-attach.ts';
import { Skeleton } from '../../../ui/feedback/states.tsx';
import { PageHeader, PageTitle } from '../../../ui/page/page-header.tsx';

/** Who, what, go: three steps that stay visible. It begins with the hosts of an earlier attempt, or with
 * those that the URL names. */
export default function AttachPage(props: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const query = use(props.searchParams);
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : undefined);
  const earlier = useEarlierForm(text('from'));
  const given = { ...emptyAttachForm, mesh: text('mesh') ?? '', hosts: text('hosts') ?? '' };
  return (
    <>
      <PageTitle>Attach</PageTitle>
      {earlier === 'loading' ? (
        <Skeleton label="Loading the earlier attempt" />
      ) : (
        <AttachSteps initial={earlier ?? given} />
      )}
    </>
  );
}

function AttachSteps({ initial }: { initial: AttachForm }) {
  const draft = useAttach(initial);
  return (
    <form
      className={styles['page']}
      onSubmit={(event) => {
        event.preventDefault();
        draft.submit();
      }}
    >
      <PageHeader
        noun="Attach"
        sentence="Push the config to every host of a mesh. It is attached only when all of them installed it; if any fails, the others get back what they had."
      />
      <WhoStep draft={draft} />
      <WhatStep draft={draft} />
      <GoStep draft={draft} />
    </form>
  );
}
