import { keysWithoutEffectText, type MeshHost } from '@hostmesh/contract';
import type { MeshHostRecord, MeshRecord } from '@hostmesh/db';
import { csvAnswer, wantsCsv, type CsvColumn } from '../http/csv.ts';
import { actorOf, json, pageAnswer, type Handlers } from '../http/route-types.ts';
import { notFound, refuse } from '../problem/route-fault.ts';
import type { EndMeshService } from './end-mesh-service.ts';
import { forgetHost, type ForgetHostDeps } from './forget-host-service.ts';
import { meshHostView, meshView } from './mesh-view.ts';

type MeshRoutes =
  | 'listMeshes'
  | 'getMesh'
  | 'listMeshHosts'
  | 'previewMeshEnd'
  | 'stopMesh'
  | 'shutdownMesh'
  | 'forgetHost';

export interface MeshHandlerDeps extends ForgetHostDeps {
  readonly ends: EndMeshService;
}

/** Meshes over HTTP (design section 8). */
export function meshHandlers(deps: MeshHandlerDeps): Pick<Handlers, MeshRoutes> {
  const { meshes, owned, ends } = deps;
  /** As last heard: what is watched here is ahead of what is stored. */
  const viewIn = (mesh: MeshRecord) => {
    const watch = owned.watch(mesh.id);
    return (row: MeshHostRecord) => meshHostView(watch?.row(row.rank) ?? row, mesh.extent);
  };

  return {
    listMeshes: async ({ query }) => pageAnswer(await meshes.list(query), meshView),
    getMesh: async ({ params }) => {
      const mesh = await meshes.get(params.id);
      return mesh === undefined ? notFound(`mesh ${params.id}`) : json(meshView(mesh));
    },
    listMeshHosts: async ({ params, query, headers }) => {
      const mesh = await meshes.get(params.id);
      if (mesh === undefined) return notFound(`mesh ${params.id}`);
      const view = viewIn(mesh);
      if (!wantsCsv(headers.accept)) return pageAnswer(await meshes.hosts(mesh.id, query), view);
      const { limit: _limit, cursor: _cursor, ...filter } = query;
      return csvAnswer({
        name: `${mesh.id}-hosts.csv`,
        columns: hostColumns,
        batches: meshes.readHosts(mesh.id, filter),
        toItem: view,
      });
    },
    previewMeshEnd: async ({ params }) => {
      const mesh = await meshes.get(params.id);
      if (mesh === undefined) return notFound(`mesh ${params.id}`);
      if (mesh.endedAt !== null) return refuse('mesh_ended', `Mesh ${mesh.name} has ended.`);
      return json(await meshes.foreseeEnd(mesh));
    },
    forgetHost: async (call) => {
      const forgotten = await forgetHost(deps, actorOf(call), call.params, call.body);
      return forgotten.ok ? json(forgotten.value) : forgotten;
    },
    stopMesh: async (call) => {
      const ended = await ends.end(actorOf(call), 'stop', call.params.id, call.body);
      return ended.ok ? json(ended.value) : ended;
    },
    shutdownMesh: async (call) => {
      const ended = await ends.end(actorOf(call), 'shutdown', call.params.id, call.body);
      return ended.ok ? json(ended.value) : ended;
    },
  };
}

const hostColumns: readonly CsvColumn<MeshHost>[] = [
  ['rank', (host) => host.rank],
  ['point', (host) => host.point],
  ['address', (host) => host.address],
  ['hostId', (host) => host.hostId],
  ['foundHostId', (host) => host.foundHostId],
  ['clockOffsetMs', (host) => host.clockOffsetMs],
  ['health', (host) => host.health],
  ['reason', (host) => host.reason],
  ['since', (host) => host.since],
  ['lastHeardAt', (host) => host.lastHeardAt],
  ['lifecycle', (host) => host.lifecycle],
  ['configDigest', (host) => host.configDigest],
  ['withoutEffect', (host) => keysWithoutEffectText(host.withoutEffect)],
  ['agentVersion', (host) => host.agentVersion],
  ['hostname', (host) => host.hostname],
  ['platform', (host) => host.platform],
  ['cpus', (host) => host.cpus],
  ['memoryBytes', (host) => host.memoryBytes],
  ['containment', (host) => host.containment],
  ['runsAs', (host) => host.runsAs],
];
