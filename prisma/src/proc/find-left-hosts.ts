import type { PrismaClient } from '../generated/client.ts';

/** A host of a mesh that has ended, where procs or processes of them may go on that nobody has seen end. */
export interface LeftHost {
  readonly meshId: string;
  readonly rank: number;
  readonly address: string;
  readonly hostId: string | null;
}

/** Every host that may still run procs of meshes that have ended: it was not heard when they were to end. */
export const findLeftHosts = (client: PrismaClient): Promise<LeftHost[]> =>
  client.$queryRaw<LeftHost[]>`
    SELECT DISTINCT ON (proc."hostAddress", proc."hostId")
      procs."meshId", proc."hostRank" AS rank, proc."hostAddress" AS address, proc."hostId"
    FROM "Proc" AS proc JOIN "ProcMesh" AS procs ON procs.id = proc."procMeshId" JOIN "Mesh" AS mesh ON mesh.id = procs."meshId"
    WHERE (proc."end" IS NULL OR proc."end" = 'lost' OR proc.leftover > 0) AND proc.status <> 'NotExist'
      AND mesh.state NOT IN ('attached', 'stopping')
    ORDER BY proc."hostAddress", proc."hostId", procs."createdAt" DESC`;
