import type { Transaction } from '../database/transaction.ts';
import type { HostsInUseRecord } from './ends-record.ts';
import {
  endpointOf,
  findUses,
  hasOthers,
  inUseOf,
  spellingsOf,
  type HostUseRecord,
  type KnownHosts,
} from './find-ends.ts';

/** What an attempt takes from other live meshes. */
export interface Taking {
  /** The meshes that hold hosts of it now; null when there are none. */
  readonly inUse: HostsInUseRecord | null;
  /** The attempt's ranks of those hosts. */
  readonly ranks: number[];
  /** Every use of its hosts by others, those included that had lost them before. */
  readonly uses: readonly HostUseRecord[];
}

interface Taker {
  readonly id: string;
  /** The name of its mesh, and its id where it exists already. */
  readonly mesh: string;
  readonly meshId: string | null;
}

/** The hosts of an attempt, as they are known when they have answered. */
export async function attemptedHosts(tx: Transaction, attemptId: string): Promise<Required<KnownHosts>> {
  const hosts = await tx.attemptHost.findMany({
    where: { attemptId },
    orderBy: { rank: 'asc' },
    select: { address: true, hostId: true },
  });
  return {
    addresses: hosts.map(({ address }) => address),
    hostIds: hosts.flatMap(({ hostId }) => hostId ?? []),
  };
}

/** Judges again, when all hosts have answered and are known by id, whom their mesh takes them from. One attempt at a time. */
export async function findTaking(tx: Transaction, attempt: Taker): Promise<Taking> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('host use'))`;
  const own = await tx.mesh.findMany({
    where: attempt.meshId === null ? { name: attempt.mesh, state: 'attached' } : { id: attempt.meshId },
    select: { id: true },
  });
  const except = own.map(({ id }) => id);
  if (!(await hasOthers(tx, except))) return { inUse: null, ranks: [], uses: [] };
  const hosts = await attemptedHosts(tx, attempt.id);
  const uses = await findUses(tx, hosts, except, { evenTakenOver: true });
  const held = uses.filter(({ takenOverById }) => takenOverById === null);
  return { inUse: await inUseOf(tx, held), ranks: await ranksOf(tx, attempt.id, held), uses };
}

async function ranksOf(
  tx: Transaction,
  attemptId: string,
  held: readonly HostUseRecord[],
): Promise<number[]> {
  if (held.length === 0) return [];
  const endpoints = new Set(held.map(({ address }) => endpointOf(address)));
  const ids = new Set(held.flatMap(({ hostId }) => hostId ?? []));
  const hosts = await tx.attemptHost.findMany({
    where: { attemptId },
    select: { rank: true, address: true, hostId: true },
  });
  return hosts
    .filter(({ address, hostId }) => ids.has(hostId ?? '') || endpoints.has(spellingsOf([address])[0] ?? ''))
    .map(({ rank }) => rank);
}

/**
 * Writes down at each host that another mesh held by which attempt it was taken over; the replaced mesh holds nothing any
 * longer. Answers the meshes in question. So every host is held by one mesh at most, and the marks of the others lead to it.
 */
export async function takeHosts(
  tx: Transaction,
  attemptId: string,
  { uses }: Taking,
  { replacedMeshId }: { replacedMeshId: string | null },
): Promise<string[]> {
  const meshIds = uses.map(({ meshId }) => meshId);
  const ranks = uses.map(({ rank }) => rank);
  if (uses.length > 0) {
    // What the replaced mesh had taken is its successor's now.
    await tx.$executeRaw`
      UPDATE "MeshHost" AS host SET "takenOverById" = ${attemptId}
      FROM unnest(${meshIds}::text[], ${ranks}::int[]) AS used ("meshId", rank)
      WHERE host."meshId" = used."meshId" AND host.rank = used.rank
        AND (host."takenOverById" IS NULL
          OR EXISTS (SELECT 1 FROM "Attempt" AS taker
                     WHERE taker.id = host."takenOverById" AND taker."meshId" = ${replacedMeshId}))`;
  }
  const freed = replacedMeshId === null ? [] : await giveHostsBack(tx, replacedMeshId);
  return [...new Set([...meshIds, ...freed])];
}

/**
 * A mesh that has ended holds nothing any longer that it took from others. A host goes back to the mesh that it was taken from
 * last, unless somebody has taken it meanwhile; whom it was taken from before lost it to that one. Answers those meshes.
 */
export async function giveHostsBack(tx: Transaction, meshId: string): Promise<string[]> {
  const freed = await tx.$queryRaw<{ meshId: string }[]>`
    WITH freed AS (
      SELECT host."meshId", host.rank, coalesce(host."hostId", host.address) AS place, mesh."attemptId",
        row_number() OVER (
          PARTITION BY coalesce(host."hostId", host.address) ORDER BY taker."startedAt" DESC, mesh.id) AS turn
      FROM "MeshHost" AS host
        JOIN "Attempt" AS taker ON taker.id = host."takenOverById" AND taker."meshId" = ${meshId}
        JOIN "Mesh" AS mesh ON mesh.id = host."meshId" AND mesh.state IN ('attached', 'stopping')
    )
    UPDATE "MeshHost" AS host SET "takenOverById" = CASE freed.turn
      WHEN 1 THEN (SELECT own."takenOverById" FROM "MeshHost" AS own
                   WHERE own."meshId" = ${meshId} AND coalesce(own."hostId", own.address) = freed.place LIMIT 1)
      ELSE (SELECT last."attemptId" FROM freed AS last WHERE last.place = freed.place AND last.turn = 1) END
    FROM freed WHERE host."meshId" = freed."meshId" AND host.rank = freed.rank
    RETURNING host."meshId"`;
  return [...new Set(freed.map((row) => row.meshId))];
}
