import { z } from 'zod';
import { pageOf, Timestamp } from './fields.ts';

/**
 * By which acts states change. Somebody asks for most of them; the last ones the console does by itself, `heal` included, which is
 * an attempt of its own.
 */
const acts = [
  'attach',
  'push',
  'retry',
  'cancel',
  'replace',
  'take_over',
  'stop',
  'shutdown',
  'forget',
  'spawn',
  'stop_procs',
  'stop_orphans',
  // It pushes again to hosts that have lost their config.
  'heal',
  // It ends what it does itself, since somebody wants to do something else there.
  'make_way',
  // It hears, or no longer hears, from hosts, procs or the parts that it needs.
  'observe',
  // It goes on with what another life of it has left.
  'resume',
  // It stops.
  'exit',
] as const;
/** By which act a state changed. */
export const ChangeAct = z.enum(acts);
export type ChangeAct = z.infer<typeof ChangeAct>;

/** A change of a state: of a mesh, attempt or proc mesh, of the health of a host, or of the console itself. */
export const StateChange = z.object({
  /** Null for the first state. */
  from: z.string().nullable(),
  to: z.string(),
  why: z.string().nullable(),
  /** Who asked for it; `console` where nobody did. Null in changes from before that was noted. */
  by: z.string().nullable(),
  /** By which act; null as `by` is. */
  act: ChangeAct.nullable(),
  at: Timestamp,
  recordedAt: Timestamp,
  /** How long it stayed like that; null while it does. */
  durationMs: z.number().nullable(),
});
export type StateChange = z.infer<typeof StateChange>;
/** `GET …/history`, newest first. */
export const StateChangeList = pageOf(StateChange);

const byThemselves: Partial<Record<ChangeAct, string>> = {
  heal: 'the console, to heal it',
  make_way: 'the console, to make way',
  observe: '',
  resume: 'the console, when it took it up again',
  exit: 'the console, when it stopped',
};

/** Who made a change, in words; empty where that is not known, or nobody did but what is heard. */
export function changedByText({ by, act }: Pick<StateChange, 'by' | 'act'>): string {
  if (by === null || act === null) return by ?? '';
  return byThemselves[act] ?? `${by} (${act.replaceAll('_', ' ')})`;
}
