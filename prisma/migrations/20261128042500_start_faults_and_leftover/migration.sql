-- AlterTable
ALTER TABLE "Proc" ADD COLUMN     "startFault" TEXT,
ADD COLUMN     "leftover" INTEGER NOT NULL DEFAULT 0;

-- Failures of spawns that were recorded before did not say it.
UPDATE "ProcMesh" SET failures = (
  SELECT jsonb_agg('{"startFault": null}'::jsonb || failure ORDER BY place)
  FROM jsonb_array_elements(failures) WITH ORDINALITY AS each (failure, place))
WHERE jsonb_array_length(failures) > 0;
