-- CreateEnum
CREATE TYPE "ProcMeshState" AS ENUM ('spawning', 'running', 'spawn_failed', 'stopping', 'stopped');

-- CreateEnum
CREATE TYPE "ProcStatus" AS ENUM ('Unknown', 'NotExist', 'Initializing', 'Running', 'Stopping', 'Stopped', 'Failed', 'Timeout');

-- CreateEnum
CREATE TYPE "TransitionSource" AS ENUM ('host', 'controller');

-- CreateEnum
CREATE TYPE "LogStream" AS ENUM ('stdout', 'stderr');

-- CreateTable
CREATE TABLE "ProcMesh" (
    "id" TEXT NOT NULL,
    "meshId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "state" "ProcMeshState" NOT NULL DEFAULT 'spawning',
    "extentLabels" TEXT[],
    "extentSizes" INTEGER[],
    "perHostLabels" TEXT[],
    "perHostSizes" INTEGER[],
    "request" JSONB NOT NULL,
    "timeoutMs" INTEGER NOT NULL,
    "requestedBy" TEXT NOT NULL,
    "idempotencyKey" TEXT,
    "requestHash" TEXT,
    "procCount" INTEGER NOT NULL,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "failures" JSONB NOT NULL DEFAULT '[]',
    "failureCount" INTEGER NOT NULL DEFAULT 0,
    "residueCount" INTEGER NOT NULL DEFAULT 0,
    "repairs" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL,
    "readyAt" TIMESTAMPTZ(3),
    "endedAt" TIMESTAMPTZ(3),

    CONSTRAINT "ProcMesh_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Proc" (
    "id" TEXT NOT NULL,
    "procMeshId" TEXT NOT NULL,
    "rank" INTEGER NOT NULL,
    "hostRank" INTEGER NOT NULL,
    "hostId" TEXT,
    "hostAddress" TEXT NOT NULL,
    "status" "ProcStatus" NOT NULL DEFAULT 'NotExist',
    "statusText" TEXT NOT NULL,
    "cause" TEXT,
    "exitCode" INTEGER,
    "signal" TEXT,
    "endedBy" TEXT,
    "pid" INTEGER,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "since" TIMESTAMPTZ(3) NOT NULL,
    "lastHeardAt" TIMESTAMPTZ(3),
    "startedAt" TIMESTAMPTZ(3),
    "restarts" INTEGER NOT NULL DEFAULT 0,
    "nextRestartAt" TIMESTAMPTZ(3),
    "stderrTail" TEXT[],
    "adopted" BOOLEAN NOT NULL DEFAULT false,
    "logSeq" INTEGER NOT NULL DEFAULT 0,
    "logEnded" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Proc_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ProcTransition" (
    "id" BIGSERIAL NOT NULL,
    "procId" TEXT NOT NULL,
    "generation" INTEGER NOT NULL,
    "source" "TransitionSource" NOT NULL,
    "status" "ProcStatus" NOT NULL,
    "statusText" TEXT NOT NULL,
    "cause" TEXT,
    "pid" INTEGER,
    "exitCode" INTEGER,
    "signal" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recordedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ProcTransition_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ProcLog" (
    "procId" TEXT NOT NULL,
    "seq" INTEGER NOT NULL,
    "stream" "LogStream" NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "text" TEXT NOT NULL,
    "partial" BOOLEAN NOT NULL,

    CONSTRAINT "ProcLog_pkey" PRIMARY KEY ("procId","seq")
);

-- CreateIndex
CREATE INDEX "ProcMesh_createdAt_id_idx" ON "ProcMesh"("createdAt" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "ProcMesh_meshId_idx" ON "ProcMesh"("meshId");

-- CreateIndex
CREATE UNIQUE INDEX "ProcMesh_requestedBy_idempotencyKey_key" ON "ProcMesh"("requestedBy", "idempotencyKey");

-- CreateIndex
CREATE INDEX "Proc_hostId_idx" ON "Proc"("hostId");

-- CreateIndex
CREATE UNIQUE INDEX "Proc_procMeshId_rank_key" ON "Proc"("procMeshId", "rank");

-- CreateIndex
CREATE INDEX "ProcTransition_procId_id_idx" ON "ProcTransition"("procId", "id" DESC);

-- CreateIndex
CREATE UNIQUE INDEX "ProcTransition_reported_key" ON "ProcTransition"("procId", "generation") WHERE (source = 'host');

-- AddForeignKey
ALTER TABLE "ProcMesh" ADD CONSTRAINT "ProcMesh_meshId_fkey" FOREIGN KEY ("meshId") REFERENCES "Mesh"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Proc" ADD CONSTRAINT "Proc_procMeshId_fkey" FOREIGN KEY ("procMeshId") REFERENCES "ProcMesh"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ProcTransition" ADD CONSTRAINT "ProcTransition_procId_fkey" FOREIGN KEY ("procId") REFERENCES "Proc"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ProcLog" ADD CONSTRAINT "ProcLog_procId_fkey" FOREIGN KEY ("procId") REFERENCES "Proc"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
