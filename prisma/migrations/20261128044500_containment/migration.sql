-- AlterTable
ALTER TABLE "MeshHost" ADD COLUMN     "containment" TEXT;
