import type { ProcMeshRecord, ProcMeshes, Procs } from '@hostmesh/db';
import { fail } from '@hostmesh/core';
import { readIdempotency } from '../http/idempotency.ts';
import { actorOf, json, pageAnswer, type Handlers } from '../http/route-types.ts';
import { notFound } from '../problem/route-fault.ts';
import type { LiveProcMeshes } from './live/live-proc-meshes.ts';
import { answerSpawn, type ProcMeshReader } from './spawn/spawn-answer.ts';
import { stopProcs, type StopDeps } from './stop/stop-service.ts';
import { procMeshView } from '../proc/proc-mesh-view.ts';

type ProcMeshRoutes = 'spawnProcMesh' | 'listProcMeshes' | 'getProcMesh' | 'stopProcMesh';

/** Reads proc meshes: what lives here is ahead of what is stored. */
export function procMeshReader(procMeshes: ProcMeshes, procs: Procs, book: LiveProcMeshes): ProcMeshReader {
  const viewOf = async (record: ProcMeshRecord) => {
    const watch = book.get(record.id);
    if (watch !== undefined) return watch.view();
    const groups = await procs.failureGroups([record.id]);
    return procMeshView(record, groups.get(record.id) ?? []);
  };
  return {
    viewOf,
    view: async (id) => {
      const record = await procMeshes.get(id);
      return record === undefined ? undefined : viewOf(record);
    },
  };
}

/** Proc meshes over HTTP (design section 8). */
export function procMeshHandlers(deps: StopDeps & { readonly procs: Procs }): Pick<Handlers, ProcMeshRoutes> {
  const { procMeshes, procs, book, spawns, reader } = deps;
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
      // What lives here is told as of now.
      const ids = page.ok
        ? page.value.items.map(({ id }) => id).filter((id) => book.get(id) === undefined)
        : [];
      const groups = await procs.failureGroups(ids);
      return pageAnswer(
        page,
        (record) => book.get(record.id)?.view() ?? procMeshView(record, groups.get(record.id) ?? []),
      );
    },
    getProcMesh: async ({ params }) => {
      const procMesh = await reader.view(params.id);
      return procMesh === undefined ? notFound(`proc mesh ${params.id}`) : json(procMesh);
    },
    stopProcMesh: async (call) => {
      const stopped = await stopProcs(deps, actorOf(call), call.params.id, call.body);
      return stopped.ok ? json(stopped.value) : stopped;
    },
  };
}
