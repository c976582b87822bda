import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import { sayWho } from '../database/changed-by.ts';
import type { ExtentRecord, OwnerLease } from '../database/row-shapes.ts';
import { storable } from '../database/text.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import type { AttemptKind } from '../generated/enums.ts';
import {
  findPlace,
  placeFaultOf,
  type HostsInUseFault,
  type MeshExistsFault,
  type AttemptPlace,
} from '../host-use/find-place.ts';
import { extendLease } from './attempt-leases.ts';
import { askedBy, toAttempt, withRetries, type AttemptRecord, type LeftOutRecord } from './attempt-record.ts';

/** Everything about an attempt that is known before the first byte is sent. */
export interface NewAttempt {
  id: string;
  kind: AttemptKind;
  mesh: string;
  /** The mesh that a push goes to. */
  meshId?: string;
  /** Printed addresses in rank order. */
  addresses: readonly string[];
  /** Of a heal, the ranks that these hosts have in the mesh, growing; 0, 1, … when absent. */
  ranks?: readonly number[];
  /** Of those that have been heard before. */
  hostIds?: readonly string[];
  extent: ExtentRecord;
  snapshot: { digest: string; json: string };
  epoch: number;
  timeoutMs: number;
  waitForHostsMs: number;
  parentId?: string;
  firstRanks?: readonly number[];
  /** Hosts of the parent that it goes without. */
  leftOut?: LeftOutRecord;
  /** It may take the place of a mesh of its name with other hosts. */
  replace?: boolean;
  /** It may take hosts over from other live meshes. */
  takeOver?: boolean;
  requestedBy: string;
  /** The caller's key, and a hash of what it asks for. */
  idempotency?: { key: string; requestHash: string };
  startedAt: Date;
  lease: OwnerLease;
}

/** The key came with another request before. */
export type IdempotencyFault = Fault<'idempotency_conflict'> & { attemptId: string };
/** Another attempt is running on the mesh, or a stop or shutdown is. */
export type MeshBusyFault = Fault<'mesh_busy'> & { attemptId: string | null };
/** The mesh of a push does not exist, or no longer. */
export type MeshEndedFault = Fault<'mesh_ended'>;
export type CreateAttemptFault =
  | IdempotencyFault
  | MeshBusyFault
  | MeshEndedFault
  | MeshExistsFault
  | HostsInUseFault;

/**
 * Writes the attempt, its snapshot and a queued row for every host in one transaction (design 7.4). Unique
 * indexes decide races: of requests with one idempotency key exactly one creates and the others get what it
 * created, and of attempts on one mesh exactly one runs.
 */
export async function createAttempt(
  client: PrismaClient,
  attempt: NewAttempt,
): Promise<Result<{ attempt: AttemptRecord; created: boolean }, CreateAttemptFault>> {
  const result = await transact<boolean, CreateAttemptFault>(client, async (tx, undo) => {
    await sayWho(tx, askedBy(attempt));
    if (!(await insertAttempt(tx, attempt))) return false;
    const place = await findPlace(tx, attempt);
    const fault = faultOf(place, attempt);
    if (fault !== undefined) undo(fault);
    // An attach in the place of a mesh that has the same hosts is a push to it.
    if (attempt.kind === 'attach' && place.isSame && place.mesh !== undefined)
      await tx.attempt.update({ where: { id: attempt.id }, data: { kind: 'push', meshId: place.mesh.id } });
    await insertHosts(tx, attempt);
    await extendLease(tx, attempt.id, attempt.lease);
    return true;
  });
  if (!result.ok) return result;
  if (!result.value) return resolveConflict(client, attempt);
  const row = await client.attempt.findUniqueOrThrow({ where: { id: attempt.id }, include: withRetries });
  return ok({ attempt: toAttempt(row), created: true });
}

async function insertAttempt(tx: Transaction, attempt: NewAttempt): Promise<boolean> {
  await tx.snapshot.createMany({ data: [attempt.snapshot], skipDuplicates: true });
  const { count } = await tx.attempt.createMany({
    data: [
      {
        id: attempt.id,
        kind: attempt.kind,
        mesh: attempt.mesh,
        meshId: attempt.meshId ?? null,
        timeoutMs: attempt.timeoutMs,
        waitForHostsMs: attempt.waitForHostsMs,
        extentLabels: [...attempt.extent.labels],
        extentSizes: [...attempt.extent.sizes],
        epoch: attempt.epoch,
        configDigest: attempt.snapshot.digest,
        parentId: attempt.parentId ?? null,
        firstRanks: [...(attempt.firstRanks ?? [])],
        ...(attempt.leftOut && { leftOut: { ...attempt.leftOut } }),
        replace: attempt.replace ?? false,
        takeOver: attempt.takeOver ?? false,
        requestedBy: attempt.requestedBy,
        idempotencyKey: attempt.idempotency?.key ?? null,
        requestHash: attempt.idempotency?.requestHash ?? null,
        startedAt: attempt.startedAt,
        leaseOwner: attempt.lease.owner,
        leaseExpiresAt: attempt.startedAt,
        hostCount: attempt.addresses.length,
      },
    ],
    // ON CONFLICT DO NOTHING also waits for a transaction that is just inserting the same key.
    skipDuplicates: true,
  });
  return count === 1;
}

/** One statement whatever the number of hosts: an INSERT with a parameter per column would end at 65,535 of them. */
async function insertHosts(tx: Transaction, attempt: NewAttempt): Promise<void> {
  const addresses = attempt.addresses.map(storable);
  const ranks = [...(attempt.ranks ?? addresses.keys())];
  await tx.$executeRaw`
    INSERT INTO "AttemptHost" ("attemptId", rank, address)
    SELECT ${attempt.id}, rank, address FROM unnest(${addresses}::text[], ${ranks}::int[]) AS host (address, rank)`;
}

function faultOf(place: AttemptPlace, attempt: NewAttempt): CreateAttemptFault | undefined {
  if (place.mesh?.state === 'stopping') return meshBusy(attempt.mesh, null);
  if (attempt.kind !== 'attach' && place.mesh?.state !== 'attached')
    return { code: 'mesh_ended', message: `Mesh ${attempt.mesh} is not attached` };
  return placeFaultOf(place, attempt);
}

const meshBusy = (mesh: string, attemptId: string | null): MeshBusyFault => ({
  code: 'mesh_busy',
  message:
    attemptId === null ? `Mesh ${mesh} is being stopped` : `Attempt ${attemptId} is working on mesh ${mesh}`,
  attemptId,
});

async function resolveConflict(
  client: PrismaClient,
  { mesh, requestedBy, idempotency }: NewAttempt,
): Promise<Result<{ attempt: AttemptRecord; created: boolean }, CreateAttemptFault>> {
  if (idempotency !== undefined) {
    const first = await client.attempt.findFirst({
      where: { requestedBy, idempotencyKey: idempotency.key },
      include: withRetries,
    });
    if (first?.requestHash === idempotency.requestHash)
      return ok({ attempt: toAttempt(first), created: false });
    if (first !== null) {
      return fail({
        code: 'idempotency_conflict',
        message: 'This idempotency key belongs to another request',
        attemptId: first.id,
      });
    }
  }
  const running = await client.attempt.findFirst({ where: { mesh, state: 'running' }, select: { id: true } });
  // It may have ended between the two statements; the caller hears what was true when it asked.
  return fail(meshBusy(mesh, running?.id ?? null));
}
