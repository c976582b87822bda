import type { Transaction } from './transaction.ts';
import { storable } from './text.ts';

/** Who makes a change of a state, by which act, and why, where the thing itself does not tell. */
export interface ChangedBy {
  by: string;
  act: string;
  why?: string;
}

/** The name under which the console does what nobody asked for. */
export const CONSOLE = 'console';

/** What the console hears of hosts changes how they are known to be. */
export const observed: ChangedBy = { by: CONSOLE, act: 'observe' };

/** Who looked after a thing before is gone, and this replica goes on with it. */
export const resumed: ChangedBy = { by: CONSOLE, act: 'resume' };

/**
 * Says who makes the changes of states that follow in this transaction. The triggers that note them refuse changes of
 * nobody (migration `who_made_changes`).
 */
export async function sayWho(tx: Transaction, { by, act, why = '' }: ChangedBy): Promise<void> {
  await tx.$queryRaw`
    SELECT set_config('hostmesh.by', ${storable(by)}, true), set_config('hostmesh.act', ${act}, true),
      set_config('hostmesh.why', ${storable(why)}, true)`;
}
