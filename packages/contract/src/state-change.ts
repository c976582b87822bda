import { z } from 'zod';
import { pageOf, Timestamp } from './fields.ts';

/** A change of the state of a mesh or attempt, or of the health of a host. */
export const StateChange = z.object({
  /** Null for the first state. */
  from: z.string().nullable(),
  to: z.string(),
  why: z.string().nullable(),
  /** Who asked for it, where somebody did. */
  by: z.string().nullable(),
  at: Timestamp,
  recordedAt: Timestamp,
  /** How long it stayed like that; null while it does. */
  durationMs: z.number().nullable(),
});
export type StateChange = z.infer<typeof StateChange>;
/** `GET …/history`, newest first. */
export const StateChangeList = pageOf(StateChange);
