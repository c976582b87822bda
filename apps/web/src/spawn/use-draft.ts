'use client';

import type { ProcMeshView } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { procMeshQuery } from '../queries/proc-mesh-queries.ts';
import { dropSentDraft, keepDraft, readDraft, tabStore } from './draft.ts';
import { formOfQuery, type SpawnForm } from './spawn-form.ts';

const never = () => () => {};

/**
 * Whether there is a tab, with its drafts: not on the server, and not while the browser takes over the server's page, which
 * must look the same.
 */
export const useInTab = (): boolean =>
  useSyncExternalStore(
    never,
    () => true,
    () => false,
  );

/**
 * What the form for a mesh begins with: what a link says, or else the draft of this tab. A draft whose spawn has
 * succeeded is done with; whether it has is asked first. Only for use in a tab: see `useInTab`.
 */
export function useInitialForm(meshId: string): SpawnForm | 'loading' {
  const query = useSearchParams();
  const [linked] = useState(() => formOfQuery(query));
  const [draft] = useState(() => (query.size > 0 ? null : readDraft(tabStore, meshId)));
  const sentAs = draft?.sentAs ?? null;
  const sent = useQuery({ ...procMeshQuery(sentAs ?? ''), enabled: sentAs !== null });
  useDropSentDraft(sentAs === null ? undefined : sent.data);
  if (draft === null) return linked;
  if (sentAs === null || sent.isError) return draft.form;
  if (sent.data === undefined) return 'loading';
  return hasSucceeded(sent.data) ? linked : draft.form;
}

/** The form while it is filled in. Every change is kept for this tab; the first takes the link that filled the form out of the URL. */
export function useDraft(meshId: string, given: SpawnForm) {
  const [initial] = useState(given);
  const [form, setForm] = useState(initial);
  useEffect(() => {
    if (form === initial || !keepDraft(tabStore, meshId, { form, sentAs: null })) return;
    // A reload then shows the draft, and the same link can still be followed again.
    if (window.location.search !== '') window.history.replaceState(null, '', window.location.pathname);
  }, [form, initial, meshId]);
  return {
    form,
    change: (part: Partial<SpawnForm>) => setForm((before) => ({ ...before, ...part })),
    /** What the API made of it: the draft stays until that has succeeded. */
    sent: ({ id }: ProcMeshView) => void keepDraft(tabStore, meshId, { form, sentAs: id }),
  };
}

/** Forgets the draft that a proc mesh was spawned from once all of its ranks have become ready. */
export function useDropSentDraft(procMesh: ProcMeshView | undefined): void {
  const isDone = procMesh !== undefined && hasSucceeded(procMesh);
  useEffect(() => {
    if (isDone) dropSentDraft(tabStore, procMesh.meshId, procMesh.id);
  }, [isDone, procMesh?.meshId, procMesh?.id]);
}

const hasSucceeded = ({ readyAt }: ProcMeshView): boolean => readyAt !== null;
