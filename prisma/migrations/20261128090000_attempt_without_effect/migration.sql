-- AlterTable
ALTER TABLE "Attempt" ADD COLUMN     "keysWithoutEffect" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "withoutEffectCount" INTEGER NOT NULL DEFAULT 0;

-- What hosts said when they installed it.
UPDATE "Attempt" AS attempt SET "withoutEffectCount" = host.hosts, "keysWithoutEffect" = host.keys
FROM (
  SELECT "attemptId", count(*)::int AS hosts, max(jsonb_array_length("shadowedKeys") + cardinality("unknownKeys")) AS keys
  FROM "AttemptHost"
  WHERE state = 'installed' AND ("shadowedKeys" <> '[]' OR "unknownKeys" <> '{}')
  GROUP BY "attemptId"
) AS host
WHERE attempt.id = host."attemptId";
