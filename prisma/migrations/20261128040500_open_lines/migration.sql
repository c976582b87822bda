-- Lines of output that had not ended when they were fetched: prompts, progress bars.
ALTER TABLE "Proc" ADD COLUMN "logOpen" JSONB NOT NULL DEFAULT '[]';
