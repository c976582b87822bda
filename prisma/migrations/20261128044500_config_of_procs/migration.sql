-- Which config a proc was started with, not known of those that were started before.
ALTER TABLE "Proc" ADD COLUMN     "configDigest" TEXT;

-- The console pushes again by itself to hosts that have lost their config.
ALTER TYPE "AttemptKind" ADD VALUE 'heal';
