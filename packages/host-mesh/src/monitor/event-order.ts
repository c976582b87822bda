import type { EventCursor } from '../supervise/proc-feed.ts';

/**
 * What is to be done with an event that came in. Events of one incarnation count up by one: a lower number was applied
 * before, a higher one tells that something was lost on the way.
 */
export function stepOfEvent(seq: number, cursor: EventCursor | null): 'apply' | 'skip' | 'gap' {
  if (cursor === null) return 'gap';
  if (seq <= cursor.seq) return 'skip';
  return seq === cursor.seq + 1 ? 'apply' : 'gap';
}
