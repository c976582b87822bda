import { setTimeout as sleep } from 'node:timers/promises';
import { API_BASE, type ProcMeshView } from '@hostmesh/contract';
import { fail } from '@hostmesh/core';
import type { ProcMeshRecord } from '@hostmesh/db';
import { json, prefers, type RouteAnswer } from '../../http/route-types.ts';
import { notFound, refuse, type RouteFault, type RouteResult } from '../../problem/route-fault.ts';
import type { ProcMeshReader } from '../live/proc-mesh-reader.ts';
import type { StartedSpawn } from './spawn-service.ts';

/** How often a replica looks whether another one's spawn has ended. */
const POLL_MS = 200;

/** The answer to a request that started a spawn: its verdict, or 202 at once with `Prefer: respond-async`. */
export async function answerSpawn(
  reader: ProcMeshReader,
  { record, run }: StartedSpawn,
  prefer: string | string[] | undefined,
): Promise<RouteResult<RouteAnswer<ProcMeshView>>> {
  const location = { location: `${API_BASE}/proc-meshes/${record.id}` };
  if (prefers(prefer, 'respond-async')) {
    const procMesh = (await reader.view(record.id)) ?? (await reader.viewOf(record));
    return json(procMesh, { status: 202, headers: { ...location, 'preference-applied': 'respond-async' } });
  }
  const verdict = await run?.verdict;
  if (verdict?.kind === 'unrecorded') return unrecorded(record);
  // Another replica that has taken the mesh over also ends its spawns.
  const isOver = verdict !== undefined && verdict.record.state !== 'spawning';
  const procMesh = isOver ? await reader.viewOf(verdict.record) : await ended(reader, record.id);
  if (procMesh === undefined) return notFound(`proc mesh ${record.id}`);
  return procMesh.state === 'spawn_failed'
    ? fail(failed(procMesh, verdict?.reason === 'shutting_down'))
    : json(procMesh, { status: 201, headers: location });
}

/** A spawn has ended, and the database does not answer. */
export const unrecorded = ({ id }: ProcMeshRecord) =>
  refuse(
    'database_unavailable',
    `What became of proc mesh ${id} could not be recorded yet: the database does not answer.`,
    { procMeshId: id },
  );

/** Of a spawn that does not run here: it ended before, or another replica runs it. */
async function ended(reader: ProcMeshReader, id: string): Promise<ProcMeshView | undefined> {
  for (;;) {
    const procMesh = await reader.view(id);
    if (procMesh?.state !== 'spawning') return procMesh;
    await sleep(POLL_MS);
  }
}

const failed = (procMesh: ProcMeshView, isShuttingDown: boolean): RouteFault => ({
  code: isShuttingDown ? 'shutting_down' : 'spawn_failed',
  message: procMesh.summary,
  procMeshId: procMesh.id,
  procFailures: procMesh.failures,
  ...(procMesh.failuresTruncated && { failuresTruncated: true }),
});
