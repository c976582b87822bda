-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "AttemptKind" AS ENUM ('attach', 'push');

-- CreateEnum
CREATE TYPE "AttemptState" AS ENUM ('running', 'attached', 'failed', 'cancelled', 'interrupted');

-- CreateEnum
CREATE TYPE "HostState" AS ENUM ('queued', 'connecting', 'awaiting_ack', 'installed', 'failed');

-- CreateEnum
CREATE TYPE "RestoreKind" AS ENUM ('pending', 'restored', 'not_needed', 'residue');

-- CreateEnum
CREATE TYPE "MeshState" AS ENUM ('attached', 'stopping', 'stopped', 'shut_down', 'replaced');

-- CreateEnum
CREATE TYPE "HostHealth" AS ENUM ('connecting', 'healthy', 'config_lost', 'unreachable', 'released');

-- CreateTable
CREATE TABLE "Snapshot" (
    "digest" TEXT NOT NULL,
    "json" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Snapshot_pkey" PRIMARY KEY ("digest")
);

-- CreateTable
CREATE TABLE "Attempt" (
    "id" TEXT NOT NULL,
    "kind" "AttemptKind" NOT NULL,
    "mesh" TEXT NOT NULL,
    "meshId" TEXT,
    "state" "AttemptState" NOT NULL DEFAULT 'running',
    "reason" TEXT,
    "timeoutMs" INTEGER NOT NULL,
    "waitForHostsMs" INTEGER NOT NULL,
    "extentLabels" TEXT[],
    "extentSizes" INTEGER[],
    "epoch" BIGINT NOT NULL,
    "configDigest" TEXT NOT NULL,
    "parentId" TEXT,
    "firstRanks" INTEGER[],
    "requestedBy" TEXT NOT NULL,
    "idempotencyKey" TEXT,
    "requestHash" TEXT,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "settledAt" TIMESTAMPTZ(3),
    "leaseOwner" TEXT NOT NULL,
    "leaseExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "hostCount" INTEGER NOT NULL,
    "installedCount" INTEGER NOT NULL DEFAULT 0,
    "failedCount" INTEGER NOT NULL DEFAULT 0,
    "restoredCount" INTEGER NOT NULL DEFAULT 0,
    "residueCount" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "Attempt_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AttemptHost" (
    "attemptId" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "hostId" TEXT,
    "state" "HostState" NOT NULL DEFAULT 'queued',
    "failure" JSONB,
    "failureKind" TEXT,
    "failureCode" TEXT,
    "restore" "RestoreKind",
    "restoreReason" TEXT,
    "lateInstall" BOOLEAN,
    "connectMs" DOUBLE PRECISION,
    "ackMs" DOUBLE PRECISION,
    "shadowedKeys" JSONB NOT NULL DEFAULT '[]',
    "unknownKeys" TEXT[],
    "tookOverFrom" TEXT,
    "agentVersion" TEXT,

    CONSTRAINT "AttemptHost_pkey" PRIMARY KEY ("attemptId","rank")
);

-- CreateTable
CREATE TABLE "Mesh" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" "MeshState" NOT NULL DEFAULT 'attached',
    "ref" TEXT NOT NULL,
    "extentLabels" TEXT[],
    "extentSizes" INTEGER[],
    "configDigest" TEXT NOT NULL,
    "attemptId" TEXT NOT NULL,
    "epoch" BIGINT NOT NULL,
    "hostCount" INTEGER NOT NULL,
    "attachedAt" TIMESTAMPTZ(3) NOT NULL,
    "endedAt" TIMESTAMPTZ(3),
    "leaseOwner" TEXT NOT NULL,
    "leaseExpiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Mesh_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "MeshHost" (
    "meshId" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "address" TEXT NOT NULL,
    "hostId" TEXT,
    "incarnation" TEXT,
    "health" "HostHealth" NOT NULL,
    "reason" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "lastHeardAt" TIMESTAMPTZ(3),
    "lifecycle" TEXT,
    "configDigest" TEXT,
    "agentVersion" TEXT,
    "hostname" TEXT,
    "platform" TEXT,
    "cpus" INTEGER,
    "memoryBytes" BIGINT,

    CONSTRAINT "MeshHost_pkey" PRIMARY KEY ("meshId","rank")
);

-- CreateTable
CREATE TABLE "ApiToken" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "revokedAt" TIMESTAMPTZ(3),
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ApiToken_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Session" (
    "hash" TEXT NOT NULL,
    "tokenId" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Session_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "AuditEntry" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "target" TEXT,
    "outcome" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,

    CONSTRAINT "AuditEntry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Attempt_startedAt_id_idx" ON "Attempt"("startedAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "Attempt_parentId_idx" ON "Attempt"("parentId");

-- CreateIndex
CREATE INDEX "Attempt_unsettled_idx" ON "Attempt"("leaseExpiresAt") WHERE ("settledAt" IS NULL);

-- CreateIndex
CREATE UNIQUE INDEX "Attempt_requestedBy_idempotencyKey_key" ON "Attempt"("requestedBy", "idempotencyKey");

-- CreateIndex
CREATE UNIQUE INDEX "Attempt_running_mesh_key" ON "Attempt"("mesh") WHERE (state = 'running');

-- CreateIndex
CREATE INDEX "Mesh_attachedAt_id_idx" ON "Mesh"("attachedAt" DESC, "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "Mesh_live_name_key" ON "Mesh"("name") WHERE (state IN ('attached', 'stopping'));

-- CreateIndex
CREATE INDEX "MeshHost_hostId_idx" ON "MeshHost"("hostId");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_name_key" ON "ApiToken"("name");

-- CreateIndex
CREATE UNIQUE INDEX "ApiToken_hash_key" ON "ApiToken"("hash");

-- CreateIndex
CREATE INDEX "Session_expiresAt_idx" ON "Session"("expiresAt");

-- CreateIndex
CREATE INDEX "AuditEntry_at_id_idx" ON "AuditEntry"("at" DESC, "id" DESC);

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_configDigest_fkey" FOREIGN KEY ("configDigest") REFERENCES "Snapshot"("digest") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "Attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Attempt" ADD CONSTRAINT "Attempt_meshId_fkey" FOREIGN KEY ("meshId") REFERENCES "Mesh"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AttemptHost" ADD CONSTRAINT "AttemptHost_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mesh" ADD CONSTRAINT "Mesh_configDigest_fkey" FOREIGN KEY ("configDigest") REFERENCES "Snapshot"("digest") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Mesh" ADD CONSTRAINT "Mesh_attemptId_fkey" FOREIGN KEY ("attemptId") REFERENCES "Attempt"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MeshHost" ADD CONSTRAINT "MeshHost_meshId_fkey" FOREIGN KEY ("meshId") REFERENCES "Mesh"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Session" ADD CONSTRAINT "Session_tokenId_fkey" FOREIGN KEY ("tokenId") REFERENCES "ApiToken"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
