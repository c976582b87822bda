-- Durations of up to a year: an INTEGER holds 24.8 days of milliseconds.
ALTER TABLE "Attempt" ALTER COLUMN "timeoutMs" SET DATA TYPE BIGINT, ALTER COLUMN "waitForHostsMs" SET DATA TYPE BIGINT;
ALTER TABLE "ProcMesh" ALTER COLUMN "timeoutMs" SET DATA TYPE BIGINT;
