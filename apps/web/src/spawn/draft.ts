import { z } from 'zod';
import { StoredForm } from './spawn-form.ts';

/** A form that is being filled in; `sentAs` is the proc mesh that was last spawned from it, unchanged since. */
const Draft = z.strictObject({ form: StoredForm, sentAs: z.string().nullable() });
export type Draft = z.infer<typeof Draft>;

/** Where drafts are kept: the tab's own storage. */
export type DraftStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const PREFIX = 'hostmesh-spawn:';

/** The draft for a mesh; null when there is none that can be read. */
export function readDraft(store: DraftStore, meshId: string): Draft | null {
  try {
    const draft = Draft.safeParse(JSON.parse(store.getItem(PREFIX + meshId) ?? 'null'));
    return draft.success ? draft.data : null;
  } catch {
    // Storage may be forbidden or hold something else; the form then begins anew.
    return null;
  }
}

/** Keeps the draft for a mesh; false when the browser does not let us. */
export function keepDraft(store: DraftStore, meshId: string, draft: Draft): boolean {
  try {
    store.setItem(PREFIX + meshId, JSON.stringify(draft));
    return true;
  } catch {
    // Full or forbidden storage: the form lives as long as its page.
    return false;
  }
}

/** Forgets the draft for a mesh if it is what `sentAs` was spawned from; one that was changed since stays. */
export function dropSentDraft(store: DraftStore, meshId: string, sentAs: string): void {
  if (readDraft(store, meshId)?.sentAs === sentAs) store.removeItem(PREFIX + meshId);
}

/** The storage of this tab. It is looked up at each use: a browser that forbids it throws right there. */
export const tabStore: DraftStore = {
  getItem: (key) => window.sessionStorage.getItem(key),
  setItem: (key, value) => window.sessionStorage.setItem(key, value),
  removeItem: (key) => window.sessionStorage.removeItem(key),
};

/** Forgets every draft of this tab: whoever signs in next has not typed them. */
export function dropAllDrafts(): void {
  try {
    const keys = Object.keys(window.sessionStorage).filter((key) => key.startsWith(PREFIX));
    for (const key of keys) window.sessionStorage.removeItem(key);
  } catch {
    // Forbidden storage has none.
  }
}
