-- AlterTable
ALTER TABLE "Attempt" ADD COLUMN     "ended" JSONB,
ADD COLUMN     "leftOut" JSONB,
ADD COLUMN     "replace" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "takeOver" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "tookOver" JSONB;

-- AlterTable
ALTER TABLE "MeshHost" ADD COLUMN     "takenOverById" TEXT;

-- CreateIndex
CREATE INDEX "MeshHost_taken_over_idx" ON "MeshHost"("takenOverById") WHERE ("takenOverById" IS NOT NULL);

-- AddForeignKey
ALTER TABLE "MeshHost" ADD CONSTRAINT "MeshHost_takenOverById_fkey" FOREIGN KEY ("takenOverById") REFERENCES "Attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Of live meshes that share a host, the one that was pushed to last holds it.
UPDATE "MeshHost" AS host SET "takenOverById" = holder."attemptId"
FROM "Mesh" AS mesh, (
  SELECT DISTINCT ON (held."hostId") held."hostId", live.id, live."attemptId"
  FROM "MeshHost" AS held JOIN "Mesh" AS live ON live.id = held."meshId"
  WHERE live.state IN ('attached', 'stopping') AND held."hostId" IS NOT NULL
  ORDER BY held."hostId", live.epoch DESC, live.id) AS holder
WHERE mesh.id = host."meshId" AND mesh.state IN ('attached', 'stopping')
  AND host."hostId" = holder."hostId" AND host."meshId" <> holder.id;
