import { z } from 'zod';
import { attemptStates } from './attempt/attempt.ts';
import { idIn, PageQuery, pageOf, timeIn } from './fields.ts';
import { hostHealths, meshStates } from './mesh.ts';
import { procMeshStates } from './proc/proc-mesh.ts';
import { StateChange } from './state-change.ts';

/** Of what kind of thing a change is. */
export const changeKinds = ['host', 'mesh', 'attempt', 'proc_mesh', 'orphan', 'engine'] as const;

/**
 * The parts of the console and how they can be: `api`, which is the console itself, `running`, `stopped` as it was told, or `away`
 * without a word; the others `well` or `failing`.
 */
const engineStates = ['running', 'stopped', 'away', 'well', 'failing'] as const;
const orphanStates = ['stopped'] as const;

const every = [
  ...hostHealths,
  ...meshStates,
  ...attemptStates,
  ...procMeshStates,
  ...engineStates,
  ...orphanStates,
] as const;
/** What things become, all kinds together. */
export const changeStates = [...new Set(every)];

/** What a change is of, with what it is shown as; a name is null once the thing itself is not kept any longer. */
export const ChangeOf = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('host'),
    meshId: z.string(),
    mesh: z.string().nullable(),
    rank: z.int(),
    hostId: z.string().nullable(),
    address: z.string().nullable(),
  }),
  z.object({ kind: z.literal('mesh'), meshId: z.string(), mesh: z.string().nullable() }),
  z.object({
    kind: z.literal('attempt'),
    attemptId: z.string(),
    meshId: z.string().nullable(),
    mesh: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('proc_mesh'),
    procMeshId: z.string(),
    procMesh: z.string().nullable(),
    meshId: z.string(),
    mesh: z.string().nullable(),
  }),
  /** A proc that nobody accounted for, and that somebody stopped. */
  z.object({
    kind: z.literal('orphan'),
    procId: z.string(),
    meshId: z.string(),
    mesh: z.string().nullable(),
    hostId: z.string().nullable(),
  }),
  /** The console itself, `api`, or what it needs. `owner` tells replicas of it apart. */
  z.object({ kind: z.literal('engine'), part: z.string(), owner: z.string() }),
]);
export type ChangeOf = z.infer<typeof ChangeOf>;

/** One change in the list of all. */
export const Change = StateChange.extend({ id: z.string(), of: ChangeOf });
export type Change = z.infer<typeof Change>;
/** `GET /changes`, newest first; without a total where there are more than ten thousand. */
export const ChangeList = pageOf(Change);

/** Filters of `GET /changes`. */
export const ChangeQuery = PageQuery.extend({
  kind: z.enum(changeKinds).optional(),
  /** Id of a mesh: its own changes, and those of all that is on it. */
  mesh: idIn.optional(),
  /** Id of a host, as its agent names itself. */
  host: idIn.optional(),
  /** Id of an attempt. */
  attempt: idIn.optional(),
  /** What it became, as in `unreachable`. */
  state: z.enum(changeStates).optional(),
  /** Only changes of this time or later. */
  since: timeIn.optional(),
  /** Only changes before this time. */
  until: timeIn.optional(),
});
export type ChangeQuery = z.infer<typeof ChangeQuery>;

/** What a change is of, in few words. */
export function changeOfText(of: ChangeOf): string {
  switch (of.kind) {
    case 'host':
      return `host ${of.rank} of ${of.mesh ?? of.meshId}${of.address === null ? '' : ` (${of.address})`}`;
    case 'mesh':
      return `mesh ${of.mesh ?? of.meshId}`;
    case 'attempt':
      return `attempt ${of.attemptId}${of.mesh === null ? '' : ` on ${of.mesh}`}`;
    case 'proc_mesh':
      return `procs ${of.procMesh ?? of.procMeshId} on ${of.mesh ?? of.meshId}`;
    case 'orphan':
      return `orphan ${of.procId} on ${of.mesh ?? of.meshId}`;
    case 'engine':
      return of.part === 'api' ? 'the console' : `the console’s ${of.part}`;
  }
}
