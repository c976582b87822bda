-- AlterEnum
ALTER TYPE "ChangeSubject" ADD VALUE 'proc_mesh';
ALTER TYPE "ChangeSubject" ADD VALUE 'orphan';
ALTER TYPE "ChangeSubject" ADD VALUE 'engine';

-- AlterTable
ALTER TABLE "StateChange" ADD COLUMN "act" TEXT, ADD COLUMN "hostId" TEXT, ADD COLUMN "meshId" TEXT;

-- What was noted before is of a mesh as well, and of a host where its rank has been the same one since.
UPDATE "StateChange" SET "meshId" = "subjectId" WHERE subject IN ('host', 'mesh');
UPDATE "StateChange" AS change SET "meshId" = attempt."meshId"
  FROM "Attempt" AS attempt WHERE change.subject = 'attempt' AND attempt.id = change."subjectId";
UPDATE "StateChange" AS change SET "hostId" = host."hostId"
  FROM "MeshHost" AS host
  WHERE change.subject = 'host' AND host."meshId" = change."subjectId" AND host.rank = change.rank;

-- DropIndex
DROP INDEX "StateChange_recordedAt_idx";

-- CreateIndex
CREATE INDEX "StateChange_meshId_id_idx" ON "StateChange"("meshId", "id" DESC);
CREATE INDEX "StateChange_hostId_id_idx" ON "StateChange"("hostId", "id" DESC);
CREATE INDEX "StateChange_subject_id_idx" ON "StateChange"("subject", "id" DESC);
CREATE INDEX "StateChange_to_id_idx" ON "StateChange"("to", "id" DESC);
CREATE INDEX "StateChange_at_idx" ON "StateChange"("at");

-- Who makes the changes of this transaction ('by'), and by which act. Whoever changes a state says so first, in the same
-- transaction: a change of nobody is refused, so that no act can be added that leaves out its actor.
CREATE FUNCTION said(what text) RETURNS text LANGUAGE plpgsql STABLE AS E'
DECLARE value text := nullif(current_setting(''hostmesh.'' || what, true), '''')\x3b
BEGIN
  IF value IS NULL AND what <> ''why'' THEN
    RAISE EXCEPTION ''A change of state without hostmesh.%: its transaction has to say who makes it'', what\x3b
  END IF\x3b
  RETURN value\x3b
END
';

-- A host is as it is for whoever took it over, gave it back or pushed to it, and what the console hears counts as its own doing.
CREATE OR REPLACE FUNCTION note_host_changes() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "StateChange" (subject, "subjectId", "meshId", "hostId", rank, "from", "to", why, by, act, at)
  SELECT ''host'', host."meshId", host."meshId", coalesce(host."hostId", was."hostId"), host.rank, was.health::text,
    host.health::text,
    CASE WHEN was.health <> host.health OR taker.id IS NULL THEN host.reason
      ELSE ''taken over by mesh '' || taker.mesh || '' with attempt '' || taker.id END,
    coalesce(taker."requestedBy", pusher."requestedBy", said(''by'')),
    CASE WHEN taker.id IS NOT NULL THEN ''take_over'' ELSE coalesce(pusher.kind::text, said(''act'')) END,
    CASE WHEN was.health <> host.health THEN host.since ELSE now() END
  FROM host_before AS was JOIN host_after AS host ON host."meshId" = was."meshId" AND host.rank = was.rank
  LEFT JOIN LATERAL (
    SELECT id, mesh, "requestedBy" FROM "Attempt"
    WHERE id = host."takenOverById"
      AND (was.health = host.health OR was.health = ''healthy'' AND host.health = ''config_lost'')) AS taker ON true
  LEFT JOIN LATERAL (
    SELECT "requestedBy", kind FROM "Attempt" AS attempt
    WHERE was.health = ''config_lost'' AND host.health = ''healthy''
      AND attempt."meshId" = host."meshId" AND attempt.state = ''running''
      AND EXISTS (SELECT FROM "AttemptHost" WHERE "attemptId" = attempt.id AND rank = host.rank)
    LIMIT 1) AS pusher ON true
  WHERE was.health <> host.health
    OR (host."takenOverById" IS NOT NULL AND was."takenOverById" IS DISTINCT FROM host."takenOverById")
  ORDER BY host."meshId", host.rank\x3b
  RETURN NULL\x3b
END
';
CREATE OR REPLACE FUNCTION note_attempt_change() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "StateChange" (subject, "subjectId", "meshId", "from", "to", why, by, act, at)
  VALUES (''attempt'', NEW.id, NEW."meshId", CASE TG_OP WHEN ''UPDATE'' THEN OLD.state::text END, NEW.state::text, NEW.reason,
    said(''by''), said(''act''), coalesce(NEW."decidedAt", NEW."startedAt"))\x3b
  RETURN NULL\x3b
END
';
CREATE OR REPLACE FUNCTION note_mesh_change() RETURNS trigger LANGUAGE plpgsql AS E'
BEGIN
  INSERT INTO "StateChange" (subject, "subjectId", "meshId", "from", "to", why, by, act, at)
  VALUES (''mesh'', NEW.id, NEW.id, CASE TG_OP WHEN ''UPDATE'' THEN OLD.state::text END, NEW.state::text, said(''why''),
    said(''by''), said(''act''), CASE TG_OP WHEN ''INSERT'' THEN NEW."attachedAt" ELSE coalesce(NEW."endedAt", now()) END)\x3b
  RETURN NULL\x3b
END
';

-- A proc mesh knows itself who spawned it and who stopped its procs. How it ended is judged within one transaction, step by
-- step: only what comes of that is noted.
CREATE FUNCTION note_proc_mesh_change() RETURNS trigger LANGUAGE plpgsql AS E'
DECLARE
  was text := CASE TG_OP WHEN ''UPDATE'' THEN OLD.state::text END\x3b
  stopper text := NEW.stop ->> ''by''\x3b
  how text := NEW.stop ->> ''how''\x3b
  step bigint\x3b
  noted_by text := ''console''\x3b
  noted_act text := ''observe''\x3b
BEGIN
  SELECT id, "from" INTO step, was FROM (
    SELECT id, "from", "to", xmin AS made FROM "StateChange" WHERE "subjectId" = NEW.id AND rank IS NULL
    ORDER BY id DESC LIMIT 1) AS last
  WHERE made = pg_current_xact_id()::xid AND "to" = was\x3b
  IF NOT FOUND AND TG_OP = ''UPDATE'' THEN was := OLD.state::text\x3b END IF\x3b
  IF coalesce(was, ''spawning'') = ''spawning'' AND (stopper IS NULL OR NEW.state <> ''spawn_failed'') THEN
    noted_by := NEW."requestedBy"\x3b
    noted_act := ''spawn''\x3b
  ELSIF stopper IS NOT NULL
    AND (''stopping'' IN (was, NEW.state::text) OR NEW.state IN (''stopped'', ''spawn_failed'') OR how <> ''requested'') THEN
    noted_by := stopper\x3b
    noted_act := CASE how WHEN ''mesh_stopped'' THEN ''stop'' WHEN ''mesh_shut_down'' THEN ''shutdown''
      WHEN ''mesh_replaced'' THEN ''replace'' ELSE ''stop_procs'' END\x3b
  END IF\x3b
  IF step IS NOT NULL THEN
    UPDATE "StateChange" SET "to" = NEW.state::text, by = noted_by, act = noted_act WHERE id = step\x3b
  ELSE
    INSERT INTO "StateChange" (subject, "subjectId", "meshId", "from", "to", by, act, at)
    VALUES (''proc_mesh'', NEW.id, NEW."meshId", was, NEW.state::text, noted_by, noted_act,
      CASE TG_OP WHEN ''INSERT'' THEN NEW."createdAt" ELSE
        coalesce(NEW."endedAt", CASE NEW.state WHEN ''running'' THEN NEW."readyAt" END, now()) END)\x3b
  END IF\x3b
  RETURN NULL\x3b
END
';
CREATE TRIGGER note_begin AFTER INSERT ON "ProcMesh" FOR EACH ROW EXECUTE FUNCTION note_proc_mesh_change();
CREATE TRIGGER note_changes AFTER UPDATE ON "ProcMesh" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION note_proc_mesh_change();
