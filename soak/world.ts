import { callAllPages, type Client } from '@hostmesh/client';
import { routes, type Mesh, type MeshHost, type ProcMeshView } from '@hostmesh/contract';
import type { Chronicle } from './model/chronicle.ts';
import type { Look, SlotLook, Told } from './model/look.ts';
import type { HostSlot } from './rig/host-slot.ts';
import { procProcesses } from './rig/proc-processes.ts';
import type { Product } from './rig/product.ts';

/** How long the API is waited for when it is looked at, in milliseconds. */
const ANSWER_MS = 10_000;

/** All that a soak acts on. */
export interface World {
  readonly product: Product;
  readonly slots: readonly HostSlot[];
  readonly chronicle: Chronicle;
  /** A number that no push has had. */
  readonly newMarker: () => string;
  /** Something is not as it must be: the soak ends. */
  readonly blame: (what: string) => void;
}

/** Looks at everything: processes, agents, and what the API tells of them. */
export async function lookAt({ product, slots }: World): Promise<Look> {
  const isOurs = (hostId: string): boolean => slots.some((slot) => slot.hostIds.includes(hostId));
  const before = procProcesses(isOurs);
  const told = await tellsAll(product.client);
  return {
    at: Date.now(),
    slots: slots.map(slotLook),
    before,
    after: procProcesses(isOurs),
    told,
    supervisorLives: product.isAlive(),
  };
}

const slotLook = ({ name, address, state, hostIds, replacedAt, downAt }: HostSlot): SlotLook => ({
  name,
  address,
  state,
  hostIds: [...hostIds],
  replacedAt,
  downAt,
});

/** Null unless the API answers everything. */
async function tellsAll(client: Client): Promise<Told | null> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  // One after the other, as they depend: what comes later knows at least what came before.
  const attempts = await callAllPages(client, routes.listAttempts, { signal });
  const meshes = await callAllPages(client, routes.listMeshes, { signal });
  const procMeshes = await callAllPages(client, routes.listProcMeshes, { signal });
  const procs = await callAllPages(client, routes.listProcs, { signal });
  if (!attempts.ok || !meshes.ok || !procMeshes.ok || !procs.ok) return null;
  const hosts = new Map<string, readonly MeshHost[]>();
  for (const { id } of meshes.value.filter(isAttached)) {
    const rows = await callAllPages(client, routes.listMeshHosts, { params: { id }, signal });
    if (!rows.ok) return null;
    hosts.set(id, rows.value);
  }
  return {
    attempts: attempts.value,
    meshes: meshes.value,
    hosts,
    procMeshes: procMeshes.value,
    procs: procs.value,
  };
}

export const isAttached = ({ state }: Mesh): boolean => state === 'attached';

/** Whether its procs may run. */
export const canStillRun = ({ state }: ProcMeshView): boolean =>
  state === 'spawning' || state === 'running' || state === 'stopping';
