import { ok, type Result } from '@hostmesh/core';
import { PrismaPg } from '@prisma/adapter-pg';
import { createAudit, type Audit } from './access/audit.ts';
import { createSessions, type Sessions } from './access/sessions.ts';
import { createSignInCodes, type SignInCodes } from './access/sign-in-codes.ts';
import { createTokens, type Tokens } from './access/tokens.ts';
import { createAttempts, type Attempts } from './attempt/attempts.ts';
import { createChanges, type Changes } from './change/changes.ts';
import type { DatabaseFault } from './database/database-fault.ts';
import { openPool, type PoolOptions } from './database/pool.ts';
import { beat, createTimely } from './database/timely.ts';
import { PrismaClient } from './generated/client.ts';
import { createMeshes, type Meshes } from './mesh/meshes.ts';
import { pendingMigrations } from './migrate/migrations.ts';
import { createProcMeshes, type ProcMeshes } from './proc/proc-meshes.ts';
import { createProcs, type Procs } from './proc/procs.ts';
import { deleteOld, type DeleteOldOptions } from './retention/delete-old.ts';
import type { Kept } from './retention/kept.ts';

/** What Hostmesh remembers, by noun. Expected failures come back as faults; what is thrown is the database's. */
export interface Database {
  attempts: Attempts;
  meshes: Meshes;
  changes: Changes;
  procMeshes: ProcMeshes;
  procs: Procs;
  tokens: Tokens;
  sessions: Sessions;
  signInCodes: SignInCodes;
  audit: Audit;
  /** Canonical JSON of a stored snapshot. */
  snapshotJson(digest: string): Promise<string | undefined>;
  /** Names of migrations that this version has and the database has not: empty when it is ready. Throws when it does not answer. */
  pendingMigrations(): Promise<string[]>;
  /** Writes a sign of life, on a connection of its own. Throws when the database has not taken it within 3 s. */
  beat(owner: string): Promise<void>;
  /**
   * Deletes what is not kept any longer; answers how many rows of each kind went. Nothing that is live goes, nor what
   * something kept refers to, nor a proc mesh that somebody still has to look at.
   */
  deleteOld(kept: Kept, options: DeleteOldOptions): Promise<Record<string, number>>;
  /** Waits for what is running and closes every connection. */
  close(): Promise<void>;
}

/** Connects to a migrated database. See `applyMigrations`. */
export async function openDatabase(
  url: string,
  options: PoolOptions = {},
): Promise<Result<Database, DatabaseFault>> {
  const pool = await openPool(url, options);
  if (!pool.ok) return pool;
  const client = new PrismaClient({
    adapter: new PrismaPg(pool.value),
    // Creating an attempt of many hosts on a busy machine takes longer than Prisma's default of 5 s allows.
    errorFormat: 'minimal',
    transactionOptions: { maxWait: 10_000, timeout: 60_000 },
  });
  const timely = createTimely(url);
  return ok({
    attempts: createAttempts(client, timely),
    meshes: createMeshes(client, timely),
    changes: createChanges(client),
    procMeshes: createProcMeshes(client),
    procs: createProcs(client),
    tokens: createTokens(client),
    sessions: createSessions(client),
    signInCodes: createSignInCodes(client),
    audit: createAudit(client),
    snapshotJson: async (digest) => (await client.snapshot.findUnique({ where: { digest } }))?.json,
    pendingMigrations: () => pendingMigrations(pool.value),
    deleteOld: (kept, options) => deleteOld(client, kept, options),
    beat: (owner) => beat(timely, owner),
    close: async () => {
      await timely.close();
      await client.$disconnect();
      await pool.value.end();
    },
  });
}
