-- AlterTable
ALTER TABLE "MeshHost" ADD COLUMN     "withoutEffect" JSONB NOT NULL DEFAULT '[]';

-- What hosts said at the push that configured their mesh last. Those that are heard say it again.
UPDATE "MeshHost" AS host SET "withoutEffect" = pushed."shadowedKeys" || (
  SELECT coalesce(jsonb_agg(jsonb_build_object('key', key, 'layer', NULL)), '[]') FROM unnest(pushed."unknownKeys") AS key)
FROM "Mesh" AS mesh, "AttemptHost" AS pushed
WHERE host."meshId" = mesh.id AND mesh."endedAt" IS NULL
  AND pushed."attemptId" = mesh."attemptId" AND pushed.rank = host.rank;
