'use client';

import type { ProcMeshView } from '@hostmesh/contract';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { procMeshQuery } from '../queries/proc-mesh-queries.ts';
import { dropSentDraft, keepDraft, readDraft, tabStore } from './draft.ts';
import { formOfQuery, type SpawnForm } from './spawn-form.ts';

const never = () => () => {};

/** False on the server and while its page is taken over: only after that is there a tab with drafts. */
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

/** The form while it is filled in. Every change is kept for this tab, and a link that it began with has had its say. */
export function useDraft(meshId: string, given: SpawnForm) {
  const [initial] = useState(given);
  const [form, setForm] = useState(initial);
  useEffect(() => {
    if (form === initial || !keepDraft(tabStore, meshId, { form, sentAs: null })) return;
    // The same link can be followed again, and a reload finds what was typed since.
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
