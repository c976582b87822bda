import type { ApiEvent } from '@hostmesh/contract';
import { applyEvent } from './apply-event.ts';
import type { View, ViewData, ViewKind } from './views.ts';

/**
 * Keeps the events that arrive while an answer is on its way, and folds them into it: otherwise an answer that
 * was made before a change and arrives after it would show the old state until the next change.
 */
export interface Journal {
  /** To be told of every event, in order. */
  record(event: ApiEvent): void;
  /** Reads a view; the result is as new as the newest event seen meanwhile. */
  read<K extends ViewKind>(kind: K, id: string, read: () => Promise<ViewData[K]>): Promise<ViewData[K]>;
}

/** A journal with no reads under way. */
export function createJournal(): Journal {
  const open = new Set<ApiEvent[]>();
  return {
    record(event) {
      for (const pages of open) pages.push(event);
    },
    async read<K extends ViewKind>(kind: K, id: string, read: () => Promise<ViewData[K]>) {
      const pages: ApiEvent[] = [];
      open.add(pages);
      try {
        // `K` ties kind and data together; a literal of an open type parameter cannot say so.
        const view = { kind, id, data: await read() } as View;
        // Folding keeps a view's kind.
        return pages.reduce((view, event) => applyEvent([view], event)[0] ?? view, view).data as ViewData[K];
      } finally {
        open.delete(pages);
      }
    },
  };
}
