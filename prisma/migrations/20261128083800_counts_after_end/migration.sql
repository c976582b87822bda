-- Of procs that have ended, how many wait for a restart, and how many have processes left: counted with their statuses from now on.
UPDATE "ProcMesh" AS procs SET counts = procs.counts || counted.counts
FROM (
  SELECT "procMeshId", jsonb_object_agg("afterEnd", count) AS counts
  FROM (
    SELECT "procMeshId", CASE WHEN "nextRestartAt" IS NOT NULL THEN 'restarting' ELSE 'lingering' END AS "afterEnd",
      count(*)::int AS count
    FROM "Proc" WHERE "nextRestartAt" IS NOT NULL OR leftover > 0 GROUP BY 1, 2
  ) AS each
  GROUP BY "procMeshId"
) AS counted
WHERE procs.id = counted."procMeshId";
