import type { Result } from '@hostmesh/core';
import type { ChangedBy } from '../database/changed-by.ts';
import type { CursorFault, PageRequest, RowPage } from '../database/page.ts';
import type { PrismaClient } from '../generated/client.ts';
import { listChanges, type ChangeFilter, type StateChangeRecord } from './list-changes.ts';
import { noteEngine, noteOrphans, noteStart, type EngineChange, type OrphanChange } from './note-changes.ts';

/** What became of everything, change by change. Those of rows the database notes itself, in the transaction that makes them. */
export interface Changes {
  /** Newest first; without a total where there are more than ten thousand. */
  list(query: ChangeFilter & PageRequest): Promise<Result<RowPage<StateChangeRecord>, CursorFault>>;
  /** What parts of this owner's console have become; what was noted already is not noted again. */
  noteEngine(owner: string, changes: readonly EngineChange[]): Promise<void>;
  /** This owner's console begins: since when it was away, where it had not said that it would end. */
  noteStart(owner: string, at: Date): Promise<void>;
  /** What became of procs that somebody stopped as orphans. */
  noteOrphans(orphans: readonly OrphanChange[], who: ChangedBy): Promise<void>;
}

/** The changes of a database. */
export const createChanges = (client: PrismaClient): Changes => ({
  list: (query) => listChanges(client, query),
  noteEngine: (owner, changes) => noteEngine(client, owner, changes),
  noteStart: (owner, at) => noteStart(client, owner, at),
  noteOrphans: (orphans, who) => noteOrphans(client, orphans, who),
});
