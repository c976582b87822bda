-- A verdict comes before all is known: when it fell, and how many hosts are still asked what they hold.
ALTER TABLE "Attempt" RENAME COLUMN "finishedAt" TO "decidedAt";
ALTER TABLE "Attempt" ADD COLUMN "restoringCount" INTEGER NOT NULL DEFAULT 0;

UPDATE "Attempt" SET "restoringCount" = (
  SELECT count(*) FROM "AttemptHost" WHERE "attemptId" = "Attempt".id AND restore = 'pending'
)
WHERE "settledAt" IS NULL;
