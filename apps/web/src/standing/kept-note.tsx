import { printDuration } from '@hostmesh/core';
import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/query-client.ts';

/** Says under a list that what is older is not kept; nothing while that is not known. */
export function KeptNote({ what }: { what: string }) {
  const retentionMs = useQuery(sessionQuery()).data?.retentionMs;
  if (retentionMs === undefined) return null;
  return (
    <p role="note" className="quiet">
      {what} are kept for {printDuration(retentionMs)} (<code>HOSTMESH_RETENTION</code>).
    </p>
  );
}
