import type { Result } from '@hostmesh/core';
import type { CursorFault, PageRequest, RowPage } from '../database/page.ts';
import type { ClaimOptions, OwnerLease } from '../database/row-shapes.ts';
import type { PrismaClient } from '../generated/client.ts';
import { beginEnd, finishEnd, revertEnd, type EndMeshFault } from './end-mesh.ts';
import { listMeshes, listMeshHosts, toMeshes, type MeshFilter, type MeshHostFilter } from './list-meshes.ts';
import { toMeshHost, withAttempt, type MeshHostRecord, type MeshRecord } from './mesh-record.ts';
import {
  claimMeshes,
  renewMeshLeases,
  saveMeshHosts,
  type MeshHostRow,
  type MeshLeaseFault,
} from './watch-mesh.ts';

/** Meshes and their hosts as last heard. A mesh is made by `Attempts.finishAttached` alone. */
export interface Meshes {
  get(id: string): Promise<MeshRecord | undefined>;
  /** Newest first. */
  list(query: MeshFilter & PageRequest): Promise<Result<RowPage<MeshRecord>, CursorFault>>;
  /** In rank order. */
  hosts(
    id: string,
    query: MeshHostFilter & PageRequest,
  ): Promise<Result<RowPage<MeshHostRecord>, CursorFault>>;
  /** In rank order, a page at a time. */
  readHosts(id: string, filter?: MeshHostFilter): AsyncGenerator<MeshHostRecord[]>;
  /** The host of a live mesh that goes by this id; the latest mesh's, if several share the host. */
  findHost(hostId: string): Promise<{ meshId: string; host: MeshHostRecord } | undefined>;
  /** Whole rows of a mesh that this owner watches. */
  saveHosts(id: string, owner: string, hosts: readonly MeshHostRow[]): Promise<Result<void, MeshLeaseFault>>;
  /** attached → stopping. */
  beginEnd(id: string): Promise<Result<void, EndMeshFault>>;
  /** stopping → stopped or shut down. */
  finishEnd(id: string, state: 'stopped' | 'shut_down', endedAt: Date): Promise<boolean>;
  /** stopping → attached. */
  revertEnd(id: string): Promise<boolean>;
  /** Of all live meshes that the owner still watches; answers their ids. */
  renewLeases(lease: OwnerLease): Promise<string[]>;
  /** Live meshes of watchers that are gone, now this owner's; their hosts are `connecting` since `at`. */
  claim(options: ClaimOptions, at: Date): Promise<MeshRecord[]>;
}

/** The meshes of a database. */
export const createMeshes = (client: PrismaClient): Meshes => ({
  get: async (id) => {
    const row = await client.mesh.findUnique({ where: { id }, include: withAttempt });
    return row === null ? undefined : (await toMeshes(client, [row]))[0];
  },
  list: (query) => listMeshes(client, query),
  hosts: (id, query) => listMeshHosts(client, id, query).page(query),
  readHosts: (id, filter) => listMeshHosts(client, id, filter).read(),
  findHost: async (hostId) => {
    const row = await client.meshHost.findFirst({
      where: { hostId, mesh: { state: { in: ['attached', 'stopping'] } } },
      orderBy: [{ mesh: { attachedAt: 'desc' } }, { rank: 'asc' }],
    });
    return row === null ? undefined : { meshId: row.meshId, host: toMeshHost(row) };
  },
  saveHosts: (id, owner, hosts) => saveMeshHosts(client, id, owner, hosts),
  beginEnd: (id) => beginEnd(client, id),
  finishEnd: (id, state, endedAt) => finishEnd(client, id, state, endedAt),
  revertEnd: (id) => revertEnd(client, id),
  renewLeases: (lease) => renewMeshLeases(client, lease),
  claim: (options, at) => claimMeshes(client, options, at),
});
