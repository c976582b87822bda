-- AlterTable
ALTER TABLE "MeshHost" ADD COLUMN     "runsAs" TEXT;
