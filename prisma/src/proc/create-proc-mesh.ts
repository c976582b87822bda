import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { ExtentRecord } from '../database/row-shapes.ts';
import { jsonRows } from '../database/text.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { Prisma, PrismaClient } from '../generated/client.ts';
import { toProcMesh, withMesh, type ProcMeshRecord, type ProcRecord } from './proc-record.ts';

/** A proc that is to be started. */
export type NewProc = Pick<ProcRecord, 'id' | 'rank' | 'hostRank' | 'hostId' | 'hostAddress'>;

/** Everything about a proc mesh that is known before the first byte is sent. */
export interface NewProcMesh {
  id: string;
  meshId: string;
  /** The replica that spawns it: it must hold the lease of the host mesh. */
  owner: string;
  name: string;
  extent: ExtentRecord;
  perHost: ExtentRecord;
  /** The request as it was checked; read back as it is. */
  request: object;
  timeoutMs: number;
  requestedBy: string;
  /** The caller's key, and a hash of what it asks for. */
  idempotency?: { key: string; requestHash: string };
  createdAt: Date;
  procs: readonly NewProc[];
}

/** The key came with another request before. */
export type SpawnIdempotencyFault = Fault<'idempotency_conflict'> & { procMeshId: string };
/** The host mesh does not exist, or no longer. */
export type SpawnMeshEndedFault = Fault<'mesh_ended'>;
/** `mesh_busy`: it is being stopped, or another replica looks after it. */
export type CreateProcMeshFault = SpawnIdempotencyFault | SpawnMeshEndedFault | Fault<'mesh_busy'>;

/** Rows per statement: keeps one to about a megabyte. */
const BATCH_ROWS = 5000;

/**
 * Writes the proc mesh and a row for each of its procs in one transaction. Of requests with one idempotency key
 * exactly one creates, and the others get what it created; of a spawn and an end of the host mesh that begin at once
 * exactly one goes ahead, because `beginEnd` locks the same row.
 */
export async function createProcMesh(
  client: PrismaClient,
  procMesh: NewProcMesh,
): Promise<Result<{ procMesh: ProcMeshRecord; created: boolean }, CreateProcMeshFault>> {
  const created = await transact<ProcMeshRecord | null, CreateProcMeshFault>(client, async (tx, undo) => {
    const fault = await findMeshFault(tx, procMesh);
    if (fault !== undefined) undo(fault);
    if (!(await insertProcMesh(tx, procMesh))) return null;
    for (let start = 0; start < procMesh.procs.length; start += BATCH_ROWS)
      await insertProcs(tx, procMesh, procMesh.procs.slice(start, start + BATCH_ROWS));
    const row = await tx.procMesh.findUniqueOrThrow({ where: { id: procMesh.id }, include: withMesh });
    return toProcMesh(row);
  });
  if (created.ok && created.value !== null) return ok({ procMesh: created.value, created: true });
  const first = await findFirst(client, procMesh);
  if (first !== undefined) return first;
  if (!created.ok) return created;
  throw new Error(`proc mesh ${procMesh.id} exists already`);
}

async function findMeshFault(
  tx: Transaction,
  { meshId, owner }: NewProcMesh,
): Promise<CreateProcMeshFault | undefined> {
  const [mesh] = await tx.$queryRaw<{ name: string; state: string; leaseOwner: string }[]>`
    SELECT name, state::text, "leaseOwner" FROM "Mesh" WHERE id = ${meshId} FOR SHARE`;
  const name = mesh?.name ?? meshId;
  if (mesh?.state === 'stopping') return { code: 'mesh_busy', message: `Mesh ${name} is being stopped` };
  if (mesh?.state !== 'attached') return { code: 'mesh_ended', message: `Mesh ${name} is not attached` };
  if (mesh.leaseOwner !== owner)
    return { code: 'mesh_busy', message: `Mesh ${name} is looked after by another replica` };
  return undefined;
}

async function insertProcMesh(tx: Transaction, procMesh: NewProcMesh): Promise<boolean> {
  const { count } = await tx.procMesh.createMany({
    data: [
      {
        id: procMesh.id,
        meshId: procMesh.meshId,
        name: procMesh.name,
        extentLabels: [...procMesh.extent.labels],
        extentSizes: [...procMesh.extent.sizes],
        perHostLabels: [...procMesh.perHost.labels],
        perHostSizes: [...procMesh.perHost.sizes],
        request: storableJson(procMesh.request),
        timeoutMs: procMesh.timeoutMs,
        requestedBy: procMesh.requestedBy,
        idempotencyKey: procMesh.idempotency?.key ?? null,
        requestHash: procMesh.idempotency?.requestHash ?? null,
        procCount: procMesh.procs.length,
        counts: { NotExist: procMesh.procs.length },
        createdAt: procMesh.createdAt,
      },
    ],
    // ON CONFLICT DO NOTHING also waits for a transaction that is just inserting the same key.
    skipDuplicates: true,
  });
  return count === 1;
}

/** JSON as Postgres can hold it. */
// What JSON.parse answers for an object is one.
const storableJson = (value: object) => JSON.parse(jsonRows([value]).slice(1, -1)) as Prisma.InputJsonObject;

async function insertProcs(
  tx: Transaction,
  { id, createdAt }: NewProcMesh,
  procs: readonly NewProc[],
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO "Proc" (id, "procMeshId", rank, "hostRank", "hostId", "hostAddress", "statusText", since, "stderrTail")
    SELECT id, ${id}, rank, "hostRank", "hostId", "hostAddress", 'not started yet', ${createdAt.toISOString()}::timestamptz, '{}'
    FROM json_to_recordset(${jsonRows(procs)}::json)
      AS new (id text, rank int, "hostRank" int, "hostId" text, "hostAddress" text)`;
}

/** What the same key made before, if it did. */
async function findFirst(
  client: PrismaClient,
  { requestedBy, idempotency }: NewProcMesh,
): Promise<Result<{ procMesh: ProcMeshRecord; created: boolean }, SpawnIdempotencyFault> | undefined> {
  if (idempotency === undefined) return undefined;
  const first = await client.procMesh.findFirst({
    where: { requestedBy, idempotencyKey: idempotency.key },
    include: withMesh,
  });
  if (first === null) return undefined;
  if (first.requestHash === idempotency.requestHash)
    return ok({ procMesh: toProcMesh(first), created: false });
  return fail({
    code: 'idempotency_conflict',
    message: 'This idempotency key belongs to another request',
    procMeshId: first.id,
  });
}
