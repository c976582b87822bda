-- CreateEnum
CREATE TYPE "ChangeSubject" AS ENUM ('host', 'mesh', 'attempt');

-- CreateTable
CREATE TABLE "StateChange" (
    "id" BIGSERIAL NOT NULL,
    "subject" "ChangeSubject" NOT NULL,
    "subjectId" TEXT NOT NULL,
    "rank" INTEGER,
    "from" TEXT,
    "to" TEXT NOT NULL,
    "why" TEXT,
    "by" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "recordedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "StateChange_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "StateChange_subjectId_rank_id_idx" ON "StateChange"("subjectId", "rank", "id" DESC);

-- CreateIndex
CREATE INDEX "StateChange_recordedAt_idx" ON "StateChange"("recordedAt");

-- The database itself notes each change, in the transaction that makes it, whoever does: one statement for all hosts of one.
-- Prisma cuts a script at every semicolon, quoted or not, which is why those of the functions are written \x3b.
CREATE FUNCTION note_host_changes() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "StateChange" (subject, "subjectId", rank, "from", "to", why, at)
  SELECT ''host'', host_after."meshId", host_after.rank, host_before.health::text, host_after.health::text,
    host_after.reason, host_after.since
  FROM host_before JOIN host_after ON host_after."meshId" = host_before."meshId" AND host_after.rank = host_before.rank
  WHERE host_after.health <> host_before.health
  ORDER BY host_after."meshId", host_after.rank\x3b
  RETURN NULL\x3b
END ';
CREATE TRIGGER note_changes AFTER UPDATE ON "MeshHost"
  REFERENCING OLD TABLE AS host_before NEW TABLE AS host_after
  FOR EACH STATEMENT EXECUTE FUNCTION note_host_changes();

CREATE FUNCTION note_attempt_change() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "StateChange" (subject, "subjectId", "from", "to", why, by, at)
  VALUES (''attempt'', NEW.id, CASE TG_OP WHEN ''UPDATE'' THEN OLD.state::text END, NEW.state::text, NEW.reason,
    CASE TG_OP WHEN ''INSERT'' THEN NEW."requestedBy" END, coalesce(NEW."decidedAt", NEW."startedAt"))\x3b
  RETURN NULL\x3b
END ';
CREATE TRIGGER note_begin AFTER INSERT ON "Attempt" FOR EACH ROW EXECUTE FUNCTION note_attempt_change();
CREATE TRIGGER note_changes AFTER UPDATE ON "Attempt" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_attempt_change();

CREATE FUNCTION note_mesh_change() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "StateChange" (subject, "subjectId", "from", "to", by, at)
  VALUES (''mesh'', NEW.id, CASE TG_OP WHEN ''UPDATE'' THEN OLD.state::text END, NEW.state::text,
    CASE TG_OP WHEN ''INSERT'' THEN (SELECT "requestedBy" FROM "Attempt" WHERE id = NEW."attemptId") END,
    CASE TG_OP WHEN ''INSERT'' THEN NEW."attachedAt" ELSE coalesce(NEW."endedAt", now()) END)\x3b
  RETURN NULL\x3b
END ';
CREATE TRIGGER note_begin AFTER INSERT ON "Mesh" FOR EACH ROW EXECUTE FUNCTION note_mesh_change();
CREATE TRIGGER note_changes AFTER UPDATE ON "Mesh" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_mesh_change();
