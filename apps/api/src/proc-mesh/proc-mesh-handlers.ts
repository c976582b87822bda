import type { ApiEvent } from '@hostmesh/contract';
import { fail } from '@hostmesh/core';
import type { ProcMeshes } from '@hostmesh/db';
import type { AuditLog } from '../audit/audit-log.ts';
import { readIdempotency } from '../http/idempotency.ts';
import { actorOf, json, pageAnswer, type Handlers } from '../http/route-types.ts';
import { notFound } from '../problem/route-fault.ts';
import type { LiveProcMeshes } from './live/live-proc-meshes.ts';
import type { ProcMeshReader } from './live/proc-mesh-reader.ts';
import { answerSpawn } from './spawn/spawn-answer.ts';
import type { SpawnService } from './spawn/spawn-service.ts';
import type { StopService } from './stop/stop-service.ts';

type ProcMeshRoutes = 'spawnProcMesh' | 'listProcMeshes' | 'getProcMesh' | 'stopProcMesh' | 'seenProcMesh';

export interface ProcMeshHandlerDeps {
  readonly procMeshes: ProcMeshes;
  readonly reader: ProcMeshReader;
  readonly spawns: SpawnService;
  readonly stops: StopService;
  readonly live: LiveProcMeshes;
  readonly publish: (event: ApiEvent) => void;
  readonly audit: AuditLog;
}

/** Proc meshes over HTTP (design section 8). */
export function procMeshHandlers(deps: ProcMeshHandlerDeps): Pick<Handlers, ProcMeshRoutes> {
  const { procMeshes, reader, spawns, stops, live, publish, audit } = deps;
  return {
    spawnProcMesh: async (call) => {
      const { params, body, headers } = call;
      const key = readIdempotency(headers['idempotency-key'], ['spawnProcMesh', params, body]);
      if (!key.ok) return key;
      const started = await spawns.start(actorOf(call), params.id, body, key.value);
      return started.ok ? answerSpawn(reader, started.value, headers.prefer) : fail(started.fault);
    },
    listProcMeshes: async ({ query: { mesh, ...query } }) => {
      const page = await procMeshes.list({ ...query, meshId: mesh });
      return pageAnswer(page, await reader.viewsOf(page.ok ? page.value.items : []));
    },
    getProcMesh: async ({ params }) => {
      const procMesh = await reader.view(params.id);
      return procMesh === undefined ? notFound(`proc mesh ${params.id}`) : json(procMesh);
    },
    stopProcMesh: async (call) => {
      const stopped = await stops.stop(actorOf(call), call.params.id, call.body);
      return stopped.ok ? json(stopped.value) : stopped;
    },
    seenProcMesh: async (call) => {
      const { id } = call.params;
      const actor = actorOf(call);
      const record = await procMeshes.markSeen(id, actor.name, new Date());
      if (record === undefined) return notFound(`proc mesh ${id}`);
      await audit.record(actor, 'proc_mesh.seen', `${record.name} ${id}`, record.state);
      const watch = live.get(id);
      watch?.update(record);
      const procMesh = await reader.viewOf(record);
      if (watch === undefined) publish({ type: 'proc_mesh.changed', procMesh });
      return json(procMesh);
    },
  };
}
