import type { Fault, Result } from '@hostmesh/core';
import { sayWho } from '../database/changed-by.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { EndsRecord } from '../host-use/ends-record.ts';
import { findEnds } from '../host-use/find-ends.ts';
import type { HostsInUseFault } from '../host-use/find-place.ts';
import { findTaking, attemptedHosts, takeHosts } from '../host-use/take-hosts.ts';
import { endProcMeshes } from '../proc/end-proc-meshes.ts';
import { askedBy, type AttemptCountsRecord, type AttemptRecord } from './attempt-record.ts';
import { holdRunning, leaseLost, readAttempt, refreshCounts, type LeaseFault } from './host-results.ts';

/** Some host's acknowledgement is not recorded: the attempt stays as it was. */
export type NotInstalledFault = Fault<'not_installed'> & { counts: AttemptCountsRecord };
/** Other live meshes use these ranks' hosts, which was not known before. */
export type FinishInUseFault = HostsInUseFault & { ranks: number[] };
export type FinishAttachedFault = LeaseFault | NotInstalledFault | FinishInUseFault;

/** The success of an attempt; `mesh` names what an attach makes, and a push has none to make. */
export interface Success {
  decidedAt: Date;
  mesh?: { id: string; ref: string };
}

/** What a success changed: the attempt, its mesh, and the mesh of the same name that it took the place of. */
export interface Attached {
  attempt: AttemptRecord;
  meshId: string;
  replacedMeshId: string | null;
  /** Other live meshes of which hosts were taken, or are no longer. */
  touchedMeshIds: readonly string[];
}

/**
 * Ends a running attempt as `attached`, and makes its mesh (attach) or gives it the new config (push), in one
 * transaction. The database itself checks that every host row is installed (HM-1, design 7.4); a caller that is
 * mistaken about that is refused. Hosts count as heard at `decidedAt`, when they had just acknowledged.
 */
export function finishAttached(
  client: PrismaClient,
  attemptId: string,
  owner: string,
  success: Success,
): Promise<Result<Attached, FinishAttachedFault>> {
  return transact<Attached, FinishAttachedFault>(client, async (tx, undo) => {
    if (!(await holdRunning(tx, attemptId, owner))) undo(leaseLost(attemptId));
    const counts = await refreshCounts(tx, attemptId);
    if (counts.installed !== counts.total) undo(notInstalled(attemptId, counts));
    const attempt = await readAttempt(tx, attemptId);
    const taking = await findTaking(tx, attempt);
    if (taking.inUse !== null && !attempt.takeOver) {
      const message = 'Other meshes use some of the hosts';
      undo({ code: 'hosts_in_use', message, inUse: taking.inUse, ranks: taking.ranks });
    }
    await sayWho(tx, askedBy(attempt));
    const made = await settleMesh(tx, attempt, success);
    const touchedMeshIds = await takeHosts(tx, attemptId, taking, made);
    await tx.attempt.update({
      where: { id: attemptId },
      data: {
        state: 'attached',
        meshId: made.meshId,
        decidedAt: success.decidedAt,
        settledAt: success.decidedAt,
        ...(made.ended && { ended: { ...made.ended } }),
        ...(taking.inUse && { tookOver: { ...taking.inUse } }),
      },
    });
    const { meshId, replacedMeshId } = made;
    return { attempt: await readAttempt(tx, attemptId), meshId, replacedMeshId, touchedMeshIds };
  });
}

const notInstalled = (attemptId: string, counts: AttemptCountsRecord): NotInstalledFault => ({
  code: 'not_installed',
  message: `Only ${counts.installed} of ${counts.total} hosts of attempt ${attemptId} are recorded as installed`,
  counts,
});

async function settleMesh(
  tx: Transaction,
  attempt: AttemptRecord,
  { mesh, decidedAt }: Success,
): Promise<{ meshId: string; replacedMeshId: string | null; ended: EndsRecord | null }> {
  if (attempt.meshId !== null) {
    // A heal gives some hosts what the mesh was given by another attempt.
    if (attempt.kind !== 'heal')
      await tx.mesh.update({
        where: { id: attempt.meshId },
        data: { configDigest: attempt.configDigest, attemptId: attempt.id, epoch: attempt.epoch },
      });
    await copyHosts(tx, attempt, attempt.meshId, decidedAt);
    return { meshId: attempt.meshId, replacedMeshId: null, ended: null };
  }
  if (mesh === undefined) throw new Error(`attach ${attempt.id} needs a mesh to make`);
  const ended = await replaceMesh(tx, attempt, decidedAt);
  await tx.mesh.create({
    data: {
      id: mesh.id,
      ref: mesh.ref,
      name: attempt.mesh,
      extentLabels: [...attempt.extent.labels],
      extentSizes: [...attempt.extent.sizes],
      configDigest: attempt.configDigest,
      attemptId: attempt.id,
      epoch: attempt.epoch,
      hostCount: attempt.counts.total,
      attachedAt: decidedAt,
      leaseOwner: attempt.leaseOwner,
      leaseExpiresAt: attempt.leaseExpiresAt,
    },
  });
  await copyHosts(tx, attempt, mesh.id, decidedAt);
  return { meshId: mesh.id, replacedMeshId: ended?.meshId ?? null, ended };
}

/** Ends the mesh whose place the attempt takes, and answers what ends with it. */
async function replaceMesh(
  tx: Transaction,
  attempt: AttemptRecord,
  endedAt: Date,
): Promise<EndsRecord | null> {
  const former = await tx.mesh.findFirst({
    where: { name: attempt.mesh, state: 'attached' },
    select: { id: true, name: true },
  });
  if (former === null) return null;
  const ends = await findEnds(tx, former, await attemptedHosts(tx, attempt.id));
  const why = `replaced by attempt ${attempt.id}`;
  await sayWho(tx, { by: attempt.requestedBy, act: 'replace', why });
  await tx.mesh.update({ where: { id: former.id }, data: { state: 'replaced', endedAt } });
  await tx.meshHost.updateMany({
    where: { meshId: former.id },
    data: { health: 'released', reason: `Replaced by attempt ${attempt.id}`, since: endedAt },
  });
  const unheard = 'not heard of since a later attach took its hosts over';
  const stop = { how: 'mesh_replaced', by: attempt.requestedBy } as const;
  await endProcMeshes(tx, former.id, unheard, stop, endedAt);
  await sayWho(tx, askedBy(attempt));
  return ends;
}

async function copyHosts(
  tx: Transaction,
  attempt: AttemptRecord,
  meshId: string,
  heardAt: Date,
): Promise<void> {
  const at = heardAt.toISOString();
  await tx.$executeRaw`
    INSERT INTO "MeshHost" ("meshId", rank, address, "hostId", health, since, "lastHeardAt", "configDigest", "agentVersion", "withoutEffect")
    SELECT ${meshId}, rank, address, "hostId", 'healthy', ${at}::timestamptz, ${at}::timestamptz,
      ${attempt.configDigest}, "agentVersion",
      "shadowedKeys" || (
        SELECT coalesce(jsonb_agg(jsonb_build_object('key', key, 'layer', NULL)), '[]') FROM unnest("unknownKeys") AS key)
    FROM "AttemptHost" WHERE "attemptId" = ${attempt.id}
    ON CONFLICT ("meshId", rank) DO UPDATE SET
      "hostId" = excluded."hostId", health = excluded.health, reason = NULL, "lastHeardAt" = excluded."lastHeardAt",
      since = CASE WHEN "MeshHost".health = 'healthy' THEN "MeshHost".since ELSE excluded.since END,
      "configDigest" = excluded."configDigest", "agentVersion" = excluded."agentVersion",
      "withoutEffect" = excluded."withoutEffect", "takenOverById" = NULL`;
}
