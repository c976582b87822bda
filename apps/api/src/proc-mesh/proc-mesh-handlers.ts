import { fail } from '@hostmesh/core';
import type { ProcMeshes } from '@hostmesh/db';
import { readIdempotency } from '../http/idempotency.ts';
import { actorOf, json, pageAnswer, type Handlers } from '../http/route-types.ts';
import { notFound } from '../problem/route-fault.ts';
import type { ProcMeshReader } from './live/proc-mesh-reader.ts';
import { answerSpawn } from './spawn/spawn-answer.ts';
import type { SpawnService } from './spawn/spawn-service.ts';
import type { StopService } from './stop/stop-service.ts';

type ProcMeshRoutes = 'spawnProcMesh' | 'listProcMeshes' | 'getProcMesh' | 'stopProcMesh';

export interface ProcMeshHandlerDeps {
  readonly procMeshes: ProcMeshes;
  readonly reader: ProcMeshReader;
  readonly spawns: SpawnService;
  readonly stops: StopService;
}

/** Proc meshes over HTTP (design section 8). */
export function procMeshHandlers(deps: ProcMeshHandlerDeps): Pick<Handlers, ProcMeshRoutes> {
  const { procMeshes, reader, spawns, stops } = deps;
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
  };
}
