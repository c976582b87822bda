-- CreateIndex
CREATE INDEX "Proc_left_idx" ON "Proc"("procMeshId") WHERE ("end" IS NULL OR "end" = 'lost' OR leftover > 0);
