-- CreateEnum
CREATE TYPE "ProcEnd" AS ENUM ('succeeded', 'failed', 'stopped', 'lost');

-- A new type rather than new values: those could not be used before the end of this transaction.
CREATE TYPE "ProcMeshState_new" AS ENUM ('spawning', 'running', 'spawn_failed', 'stopping', 'succeeded', 'failed', 'stopped', 'lost');
ALTER TABLE "ProcMesh" ALTER COLUMN "state" DROP DEFAULT;
ALTER TABLE "ProcMesh" ALTER COLUMN "state" TYPE "ProcMeshState_new" USING ("state"::text::"ProcMeshState_new");
ALTER TYPE "ProcMeshState" RENAME TO "ProcMeshState_old";
ALTER TYPE "ProcMeshState_new" RENAME TO "ProcMeshState";
DROP TYPE "ProcMeshState_old";
ALTER TABLE "ProcMesh" ALTER COLUMN "state" SET DEFAULT 'spawning';

-- AlterTable
ALTER TABLE "Proc" ADD COLUMN     "end" "ProcEnd";
ALTER TABLE "ProcMesh" ADD COLUMN     "ends" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "seenAt" TIMESTAMPTZ(3),
ADD COLUMN     "seenBy" TEXT,
ADD COLUMN     "seenTrouble" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "stop" JSONB,
ADD COLUMN     "trouble" INTEGER NOT NULL DEFAULT 0;

-- How procs ended, by the rules of the product as far as rows tell: a restart that is due is no end, and of procs that
-- nobody saw end the text alone says so.
UPDATE "Proc" AS proc SET "end" = (CASE
  WHEN proc.status = 'Unknown' OR proc."statusText" LIKE 'lost:%'
    OR proc."statusText" LIKE 'ended while its host agent was away%'
    OR proc."statusText" LIKE 'ended_ its exit went to the agent that started it%' THEN 'lost'
  WHEN proc.status = 'Failed' THEN 'failed'
  WHEN proc.cause IS NULL THEN 'succeeded'
  ELSE 'stopped' END)::"ProcEnd"
FROM "ProcMesh" AS procs
WHERE procs.id = proc."procMeshId" AND proc."nextRestartAt" IS NULL
  AND (proc.status IN ('Stopped', 'Failed') OR (proc.status = 'Unknown' AND procs."endedAt" IS NOT NULL));

UPDATE "ProcMesh" AS procs SET ends = counted.ends
FROM (
  SELECT "procMeshId", jsonb_object_agg("end", count) AS ends
  FROM (SELECT "procMeshId", "end", count(*)::int AS count FROM "Proc" WHERE "end" IS NOT NULL GROUP BY 1, 2) AS each
  GROUP BY "procMeshId"
) AS counted
WHERE procs.id = counted."procMeshId";

UPDATE "ProcMesh" SET state = (CASE
  WHEN coalesce((ends->>'failed')::int, 0) > 0 THEN 'failed'
  WHEN coalesce((ends->>'succeeded')::int, 0) + coalesce((ends->>'stopped')::int, 0) < "procCount" THEN 'lost'
  WHEN coalesce((ends->>'stopped')::int, 0) > 0 THEN 'stopped'
  ELSE 'succeeded' END)::"ProcMeshState"
WHERE state = 'stopped';

UPDATE "ProcMesh" SET trouble =
  coalesce((counts->>'Failed')::int, 0) + coalesce((counts->>'Timeout')::int, 0) + coalesce((counts->>'Unknown')::int, 0);

-- What ended more than a day ago is history, and asks nobody for attention now.
UPDATE "ProcMesh" SET "seenBy" = 'upgrade', "seenAt" = now() WHERE "endedAt" < now() - interval '1 day';
