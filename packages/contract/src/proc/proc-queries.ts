import { statusKinds } from '@hostmesh/core';
import { z } from 'zod';
import { idIn, line, PageQuery, searched, wholeIn } from '../fields.ts';
import { ProcMeshState } from './proc-mesh.ts';

/** What the database counts with. */
const MAX_INT = 2_147_483_647;

/** Filters of `GET /proc-meshes`. */
export const ProcMeshListQuery = PageQuery.extend({
  state: ProcMeshState.optional(),
  /** Only those that need somebody's attention, or only the others. */
  attention: z.stringbool({ truthy: ['true'], falsy: ['false'] }).optional(),
  /** Id of the host mesh. */
  mesh: idIn.optional(),
  q: searched.optional(),
});
export type ProcMeshListQuery = z.infer<typeof ProcMeshListQuery>;

/** Filters of `GET /proc-meshes/{id}/procs`. */
export const ProcListQuery = PageQuery.extend({
  status: z.enum(statusKinds).optional(),
  /** Create ranks: `0..4,7`. */
  ranks: line(1000).optional(),
  /** Host ranks: `0..2`. */
  hosts: line(1000).optional(),
  exitCode: wholeIn(-MAX_INT, MAX_INT).optional(),
  signal: line(20).optional(),
  /** Part of an id, an address or a host id. */
  q: searched.optional(),
});
export type ProcListQuery = z.infer<typeof ProcListQuery>;

/** `GET /procs`: over all proc meshes. */
export const AllProcsQuery = PageQuery.extend({
  status: z.enum(statusKinds).optional(),
  hostId: idIn.optional(),
  mesh: idIn.optional(),
  q: searched.optional(),
});
export type AllProcsQuery = z.infer<typeof AllProcsQuery>;

/** Which output `GET /procs/{id}/logs` is asked for. */
export const ProcLogsQuery = z.strictObject({
  /** Entries after this `seq`. */
  after: wholeIn(0, MAX_INT).optional(),
  /** The last so many entries; `DEFAULT_LOG_TAIL` when neither is given. */
  tail: wholeIn(0, 10_000).optional(),
  limit: wholeIn(1, 5000).default(1000),
  stream: z.enum(['stdout', 'stderr']).optional(),
});
export type ProcLogsQuery = z.infer<typeof ProcLogsQuery>;
