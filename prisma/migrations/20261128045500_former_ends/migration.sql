-- AlterTable
ALTER TABLE "Proc" ADD COLUMN     "formerEnd" JSONB;

-- AlterTable
ALTER TABLE "ProcMesh" ADD COLUMN     "failureGroups" JSONB NOT NULL DEFAULT '[]';
