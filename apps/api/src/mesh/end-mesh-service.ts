import type { EndMeshReply, EndMeshRequest } from '@hostmesh/contract';
import { fail, ok, parseDuration, type Result } from '@hostmesh/core';
import type { EndMeshFault, Meshes } from '@hostmesh/db';
import type { HostEndOutcome } from '@hostmesh/host-mesh';
import type { Actor, AuditLog } from '../audit/audit-log.ts';
import type { LogKeeper } from '../log/log-keeper.ts';
import { invalidRequest, notFound, refuse, type RouteResult } from '../problem/route-fault.ts';
import type { LiveProcMeshes } from '../proc-mesh/live/live-proc-meshes.ts';
import type { SpawnService } from '../proc-mesh/spawn/spawn-service.ts';
import type { OwnedMeshes } from './owned-meshes.ts';
import { meshView } from './mesh-view.ts';

export interface EndMeshDeps {
  readonly meshes: Meshes;
  readonly book: OwnedMeshes;
  readonly procs: LiveProcMeshes;
  readonly spawns: SpawnService;
  readonly logs: Pick<LogKeeper, 'drainMesh'>;
  readonly audit: AuditLog;
}

/** Problem documents name so many hosts; the mesh's page shows all. */
const MAX_NAMED = 100;
const MAX_WAIT_MS = 600_000;
/** How long the last output of the procs may take to be fetched. */
const OUTPUT_MS = 5000;

/**
 * Ends our ownership of a mesh and the procs on it (reference section 5.2). A stop gives the hosts back, also those
 * that could not be asked. A shutdown that some host did not follow leaves the mesh attached, so that it can be tried again, or the
 * mesh be stopped instead.
 */
export async function endMesh(
  deps: EndMeshDeps,
  actor: Actor,
  how: 'stop' | 'shutdown',
  id: string,
  request: EndMeshRequest,
): Promise<RouteResult<EndMeshReply>> {
  const timeout = readTimeout(request.timeout);
  if (!timeout.ok) return timeout;
  const begun = await deps.meshes.beginEnd(id);
  if (!begun.ok) return refused(id, begun);
  return deps.book.whileEnding(id, async () => {
    try {
      return await carryOut(deps, actor, how, id, timeout.value);
    } catch (error) {
      // A mesh of ours that nobody looks after is taken up again, and its end can be asked for anew.
      (await deps.book.release(id))?.close();
      throw error;
    }
  });
}

async function carryOut(
  deps: EndMeshDeps,
  actor: Actor,
  how: 'stop' | 'shutdown',
  id: string,
  timeoutMs: number | undefined,
): Promise<RouteResult<EndMeshReply>> {
  await deps.spawns.endMesh(id);
  const outcomes = await askHosts(deps, how, id, timeoutMs);
  // What the procs came to, while it can be recorded: procs that are not known to have ended become unknown with the mesh.
  await deps.procs.flushMesh(id);
  await deps.logs.drainMesh(id, OUTPUT_MS);
  const undone = outcomes.filter(({ outcome }) => outcome !== 'done');
  if (how === 'stop' || undone.length === 0) {
    await deps.meshes.finishEnd(id, how === 'stop' ? 'stopped' : 'shut_down', new Date());
    await deps.procs.endMesh(id);
  } else {
    await deps.meshes.revertEnd(id);
    await deps.book.retake(id);
  }
  const outcome = undone.length === 0 ? 'done' : `${undone.length} of ${outcomes.length} hosts did not`;
  await deps.audit.record(actor, `mesh.${how}`, id, outcome);
  const record = await deps.meshes.get(id);
  if (record === undefined) return notFound(`mesh ${id}`);
  await deps.book.tell(id);
  return record.state === 'attached'
    ? incomplete(undone, outcomes.length)
    : ok({ mesh: meshView(record), outcomes: [...outcomes] });
}

async function askHosts(
  { book }: EndMeshDeps,
  how: 'stop' | 'shutdown',
  id: string,
  timeoutMs: number | undefined,
): Promise<readonly HostEndOutcome[]> {
  await book.tell(id);
  if (book.get(id) === undefined) await book.retake(id);
  const mesh = await book.release(id);
  if (mesh === undefined) throw new Error(`mesh ${id} could not be taken`);
  return mesh[how](timeoutMs === undefined ? {} : { timeoutMs });
}

function readTimeout(text: string | undefined): RouteResult<number | undefined> {
  if (text === undefined) return ok(undefined);
  const parsed = parseDuration(text);
  if (parsed.ok && parsed.value > 0 && parsed.value <= MAX_WAIT_MS) return parsed;
  const message = parsed.ok ? 'must be from 1ms to 10m' : parsed.fault.message;
  return fail(invalidRequest([{ field: 'timeout', message }]));
}

function refused(id: string, { fault }: Extract<Result<void, EndMeshFault>, { ok: false }>) {
  return fault.code === 'mesh_not_found' ? notFound(`mesh ${id}`) : refuse(fault.code, `${fault.message}.`);
}

const incomplete = (undone: readonly HostEndOutcome[], total: number) =>
  refuse(
    'end_incomplete',
    `${undone.length} of ${total} hosts did not shut down. The mesh stays attached: try again, or stop it instead.`,
    {
      errors: undone
        .slice(0, MAX_NAMED)
        .map(({ address, outcome, message }) => ({ field: address, message: `${outcome}: ${message}` })),
    },
  );
