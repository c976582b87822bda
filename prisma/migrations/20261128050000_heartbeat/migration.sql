-- A row for each API, written every few seconds: that this works is what ready means.
CREATE TABLE "Heartbeat" (
    "owner" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "Heartbeat_pkey" PRIMARY KEY ("owner")
);

-- CreateIndex
CREATE INDEX "ProcTransition_recordedAt_idx" ON "ProcTransition"("recordedAt");
