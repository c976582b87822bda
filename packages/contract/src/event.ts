import { z } from 'zod';
import { Attempt, HostResult } from './attempt/attempt.ts';
import { idIn } from './fields.ts';
import { Mesh, MeshHost } from './mesh.ts';
import { Proc } from './proc/proc.ts';
import { ProcMeshView } from './proc/proc-mesh.ts';

/**
 * What `GET /events` sends. Each carries whole records, so applying one twice changes nothing. `resync` means
 * that events were missed (the server no longer has them): read again whatever is on the screen.
 */
export const ApiEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('attempt.changed'), attempt: Attempt }),
  z.object({ type: z.literal('attempt.hosts_changed'), attemptId: z.string(), hosts: z.array(HostResult) }),
  z.object({ type: z.literal('mesh.changed'), mesh: Mesh }),
  z.object({ type: z.literal('mesh.hosts_changed'), meshId: z.string(), hosts: z.array(MeshHost) }),
  z.object({ type: z.literal('proc_mesh.changed'), procMesh: ProcMeshView }),
  z.object({ type: z.literal('proc_mesh.procs_changed'), procMeshId: z.string(), procs: z.array(Proc) }),
  z.object({ type: z.literal('resync') }),
]);
export type ApiEvent = z.infer<typeof ApiEvent>;

/** Filters of `GET /events`. */
export const EventsQuery = z.strictObject({
  /** Only events of this attempt. */
  attempt: idIn.optional(),
  /** Only events of this mesh. */
  mesh: idIn.optional(),
  /** Only events of this proc mesh. */
  procMesh: idIn.optional(),
});
export type EventsQuery = z.infer<typeof EventsQuery>;
