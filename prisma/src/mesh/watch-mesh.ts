import type { Fault, Result } from '@hostmesh/core';
import { observed, resumed, sayWho, type ChangedBy } from '../database/changed-by.ts';
import type { ClaimOptions, OwnerLease } from '../database/row-shapes.ts';
import type { Timely } from '../database/timely.ts';
import { jsonRows } from '../database/text.ts';
import { transact, type Transaction } from '../database/transaction.ts';
import type { PrismaClient } from '../generated/client.ts';
import { toMeshes } from './list-meshes.ts';
import { withAttempt, type MeshHostRecord, type MeshRecord } from './mesh-record.ts';

/** What a monitor knows of a host; its address stays what the mesh was made with, and attempts tell who took it. */
export type MeshHostRow = Omit<MeshHostRecord, 'address' | 'takenOver'> & {
  /** Who made it so; the console hears it where absent. */
  changedBy?: ChangedBy;
};

/** The mesh has ended, or another replica watches it: nothing was written. */
export type MeshLeaseFault = Fault<'lease_lost'>;

/**
 * Writes whole rows of hosts of a live mesh: those of different hosts in one statement, those of one host one after the other, as
 * each is a change that is noted. Saving rows again changes nothing.
 */
export function saveMeshHosts(
  client: PrismaClient,
  meshId: string,
  owner: string,
  hosts: readonly MeshHostRow[],
): Promise<Result<void, MeshLeaseFault>> {
  return transact<void, MeshLeaseFault>(client, async (tx, undo) => {
    const held = await tx.$queryRaw<object[]>`
      SELECT 1 FROM "Mesh"
      WHERE id = ${meshId} AND "leaseOwner" = ${owner} AND state IN ('attached', 'stopping')
      FOR SHARE`;
    if (held.length === 0)
      undo({ code: 'lease_lost', message: `Mesh ${meshId} has ended or was taken over` });
    for (const round of roundsOf(hosts)) {
      await sayWho(tx, round.who);
      await updateHosts(tx, meshId, round);
    }
  });
}

/** Rows of different hosts, changed by the same. */
interface Round {
  readonly who: ChangedBy;
  readonly rows: Map<number, MeshHostRow>;
  /** A later round has a row of the same host for each of these. */
  readonly passing: Set<number>;
}

function roundsOf(hosts: readonly MeshHostRow[]): Round[] {
  const rounds: Round[] = [];
  for (const row of hosts) {
    const who = row.changedBy ?? observed;
    const last = rounds.at(-1);
    for (const round of rounds) if (round.rows.has(row.rank)) round.passing.add(row.rank);
    if (last?.who === who && !last.rows.has(row.rank)) last.rows.set(row.rank, row);
    else rounds.push({ who, rows: new Map([[row.rank, row]]), passing: new Set() });
  }
  return rounds;
}

/** What a host passed through and is noted already has been written before: the confirmation of that was lost. */
async function updateHosts(tx: Transaction, meshId: string, { rows, passing }: Round): Promise<void> {
  const hosts = [...rows.values()].map((row) => ({ ...row, passing: passing.has(row.rank) }));
  await tx.$executeRaw`
      UPDATE "MeshHost" AS host SET
        "hostId" = new."hostId", "foundHostId" = new."foundHostId", "clockOffsetMs" = new."clockOffsetMs",
        incarnation = new.incarnation, health = new.health, reason = new.reason,
        since = new.since, "lastHeardAt" = new."lastHeardAt", lifecycle = new.lifecycle,
        "configDigest" = new."configDigest", "withoutEffect" = new."withoutEffect", "agentVersion" = new."agentVersion", hostname = new.hostname,
        platform = new.platform, cpus = new.cpus, "memoryBytes" = new."memoryBytes", containment = new.containment,
        "runsAs" = new."runsAs"
      FROM json_to_recordset(${jsonRows(hosts)}::json) AS new (
        rank int, "hostId" text, "foundHostId" text, "clockOffsetMs" float8, incarnation text, health "HostHealth", reason text, since timestamptz,
        "lastHeardAt" timestamptz, lifecycle text, "configDigest" text, "withoutEffect" jsonb, "agentVersion" text, hostname text,
        platform text, cpus int, "memoryBytes" bigint, containment text, "runsAs" text, passing bool)
      WHERE host."meshId" = ${meshId} AND host.rank = new.rank
        AND CASE WHEN new.passing THEN NOT EXISTS (
          SELECT FROM "StateChange" AS known
          WHERE known."subjectId" = ${meshId} AND known.rank = new.rank AND known.at = new.since
            AND known."to" = new.health::text OFFSET 0) ELSE true END`;
}

/** Renews every lease that the owner still holds on live meshes, and answers their ids. */
export async function renewMeshLeases(timely: Timely, lease: OwnerLease): Promise<string[]> {
  const rows = await timely.run<{ id: string }>(
    `UPDATE "Mesh" SET "leaseExpiresAt" = now() + $2 * interval '1 millisecond'
    WHERE "leaseOwner" = $1 AND state IN ('attached', 'stopping')
    RETURNING id`,
    [lease.owner, lease.durationMs],
  );
  return rows.map((row) => row.id);
}

/**
 * Takes over live meshes whose watcher is gone, and answers them. Their hosts become `connecting`: nobody has
 * listened to them since, and nothing is shown as healthier than we know it to be. Those of the owner's present life are
 * its own, however late they were renewed.
 */
export async function claimMeshes(
  client: PrismaClient,
  { lease, includeOwn }: ClaimOptions,
  at: Date,
): Promise<MeshRecord[]> {
  return client.$transaction(async (tx) => {
    const claimed = await tx.$queryRaw<{ id: string }[]>`
      UPDATE "Mesh" SET
        "leaseOwner" = ${lease.owner},
        "leaseExpiresAt" = now() + ${lease.durationMs} * interval '1 millisecond'
      WHERE state IN ('attached', 'stopping')
        AND CASE WHEN "leaseOwner" = ${lease.owner} THEN ${includeOwn} ELSE "leaseExpiresAt" < now() END
      RETURNING id`;
    const ids = claimed.map((row) => row.id);
    await sayWho(tx, resumed);
    await tx.meshHost.updateMany({
      where: { meshId: { in: ids } },
      data: { health: 'connecting', reason: 'Not heard since the API started to watch it', since: at },
    });
    const rows = await tx.mesh.findMany({
      where: { id: { in: ids } },
      orderBy: { attachedAt: 'asc' },
      include: withAttempt,
    });
    return toMeshes(tx, rows);
  });
}
