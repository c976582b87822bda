import type { Result } from '@hostmesh/core';
import type { ChangedBy } from '../database/changed-by.ts';
import type { CursorFault, PageRequest, RowPage } from '../database/page.ts';
import type { ClaimOptions, OwnerLease } from '../database/row-shapes.ts';
import type { Timely } from '../database/timely.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { HolderRecord, TakenOverRecord } from '../host-use/ends-record.ts';
import { findAbandoned, type StrayHost } from '../host-use/find-abandoned.ts';
import { findHolders } from '../host-use/find-ends.ts';
import { findPlace, type AttemptPlace, type WantedPlace } from '../host-use/find-place.ts';
import {
  beginEnd,
  finishEnd,
  foreseeEnd,
  revertEnd,
  type EndMeshFault,
  type MeshEndBy,
  type MeshEndRecord,
} from './end-mesh.ts';
import { listMeshes, listMeshHosts, toMeshes, type MeshFilter, type MeshHostFilter } from './list-meshes.ts';
import {
  toMeshHost,
  toTakenOver,
  withAttempt,
  withTaker,
  type MeshHostRecord,
  type MeshRecord,
} from './mesh-record.ts';
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
  /**
   * The host of a live mesh that goes by this id; the latest mesh's, if several share the host. `addresses` are all at
   * which live meshes hold it.
   */
  findHost(
    hostId: string,
  ): Promise<{ meshId: string; host: MeshHostRecord; addresses: readonly string[] } | undefined>;
  /** Those of its hosts that other meshes have taken over, by rank. */
  takenOver(id: string): Promise<ReadonlyMap<number, TakenOverRecord>>;
  /** What an attempt of these hosts would end, and whom it would take hosts from. Ids of hosts that are known count, too. */
  findPlace(wanted: WantedPlace): Promise<AttemptPlace>;
  /** What would end with a mesh, and which other live meshes have its hosts; those that lost them to others included. */
  foreseeEnd(mesh: { id: string; name: string }): Promise<MeshEndRecord>;
  /** By host id, which live meshes of other names hold hosts. */
  holders(name: string): Promise<ReadonlyMap<string, HolderRecord>>;
  /** Whole rows of a mesh that this owner watches: of several of one rank each is a change, in this order. */
  saveHosts(id: string, owner: string, hosts: readonly MeshHostRow[]): Promise<Result<void, MeshLeaseFault>>;
  /** attached → stopping, by whoever `end` says. */
  beginEnd(
    id: string,
    end: MeshEndBy,
    options?: { unlessShared?: boolean },
  ): Promise<Result<MeshEndRecord, EndMeshFault>>;
  /** stopping → stopped or shut down. */
  finishEnd(id: string, end: MeshEndBy, endedAt: Date): Promise<string[] | null>;
  /** Those of the hosts whose mesh is not live, and that no attempt is at work on. */
  abandoned(strays: readonly StrayHost[]): Promise<StrayHost[]>;
  /** stopping → attached. */
  revertEnd(id: string, who: ChangedBy): Promise<boolean>;
  /** Of all live meshes that the owner still watches, on a connection of its own; answers their ids. */
  renewLeases(lease: OwnerLease): Promise<string[]>;
  /** Live meshes of watchers that are gone, now this owner's; their hosts are `connecting` since `at`. */
  claim(options: ClaimOptions, at: Date): Promise<MeshRecord[]>;
}

/** The meshes of a database. */
export const createMeshes = (client: PrismaClient, timely: Timely): Meshes => ({
  get: async (id) => {
    const row = await client.mesh.findUnique({ where: { id }, include: withAttempt });
    return row === null ? undefined : (await toMeshes(client, [row]))[0];
  },
  list: (query) => listMeshes(client, query),
  hosts: (id, query) => listMeshHosts(client, id, query).page(query),
  readHosts: (id, filter) => listMeshHosts(client, id, filter).read(),
  findHost: async (hostId) => {
    const rows = await client.meshHost.findMany({
      where: { hostId, mesh: { state: { in: ['attached', 'stopping'] } } },
      orderBy: [{ mesh: { attachedAt: 'desc' } }, { rank: 'asc' }],
      include: withTaker,
    });
    const [row] = rows;
    const held = rows.filter(({ takenOverById }) => takenOverById === null);
    const addresses = [...new Set(held.map(({ address }) => address))];
    return row && { meshId: row.meshId, host: toMeshHost(row), addresses };
  },
  takenOver: async (id) => {
    const rows = await client.meshHost.findMany({
      where: { meshId: id, takenOverById: { not: null } },
      select: { rank: true, ...withTaker },
    });
    return new Map(
      rows.flatMap(({ rank, takenOverBy }) => (takenOverBy ? [[rank, toTakenOver(takenOverBy)]] : [])),
    );
  },
  findPlace: (wanted) => client.$transaction((tx) => findPlace(tx, wanted)),
  foreseeEnd: (mesh) => foreseeEnd(client, mesh),
  holders: (name) => findHolders(client, name),
  saveHosts: (id, owner, hosts) => saveMeshHosts(client, id, owner, hosts),
  beginEnd: (id, end, options) => beginEnd(client, id, end, options),
  abandoned: (strays) => findAbandoned(client, strays),
  finishEnd: (id, end, endedAt) => finishEnd(client, id, end, endedAt),
  revertEnd: (id, who) => revertEnd(client, id, who),
  renewLeases: (lease) => renewMeshLeases(timely, lease),
  claim: (options, at) => claimMeshes(client, options, at),
});
