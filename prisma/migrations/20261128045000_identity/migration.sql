-- Another agent answers at the address of a host: which, and how far the clock of a host is ahead of ours.
ALTER TYPE "HostHealth" ADD VALUE 'replaced';

-- AlterTable
ALTER TABLE "MeshHost" ADD COLUMN     "clockOffsetMs" DOUBLE PRECISION,
ADD COLUMN     "foundHostId" TEXT;
