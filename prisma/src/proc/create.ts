import { fail, ok, type Fault, type Result } from '@hostmesh/core';
import type { ExtentRecord } from '../attempt/record.ts';
import { jsonRows, storable } from '../database/text.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import { toProcMesh, withMesh, type ProcMeshRecord, type ProcRecord } from './record.ts';

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
