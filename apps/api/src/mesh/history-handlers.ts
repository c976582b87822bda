import type { StateChange } from '@hostmesh/contract';
import type { Attempts, Meshes, StateChangeRecord } from '@hostmesh/db';
import { pageAnswer, type Handlers } from '../http/route-types.ts';
import { notFound } from '../problem/route-fault.ts';

/** What became of meshes, hosts and attempts, change by change. */
export function historyHandlers(
  meshes: Meshes,
  attempts: Pick<Attempts, 'get'>,
): Pick<Handlers, 'meshHistory' | 'hostHistory' | 'attemptHistory'> {
  return {
    meshHistory: async ({ params: { id }, query }) => {
      if ((await meshes.get(id)) === undefined) return notFound(`mesh ${id}`);
      return pageAnswer(await meshes.changes({ subject: 'mesh', id }, query), changeView);
    },
    hostHistory: async ({ params: { id, rank }, query }) => {
      const mesh = await meshes.get(id);
      if (mesh === undefined || rank >= mesh.hosts.total) return notFound(`host ${rank} of mesh ${id}`);
      return pageAnswer(await meshes.changes({ subject: 'host', id, rank }, query), changeView);
    },
    attemptHistory: async ({ params: { id }, query }) => {
      if ((await attempts.get(id)) === undefined) return notFound(`attempt ${id}`);
      return pageAnswer(await meshes.changes({ subject: 'attempt', id }, query), changeView);
    },
  };
}

const changeView = ({ from, to, why, by, at, recordedAt, until }: StateChangeRecord): StateChange => ({
  from,
  to,
  why,
  by,
  at: at.toISOString(),
  recordedAt: recordedAt.toISOString(),
  durationMs: until === null ? null : Math.max(0, until.getTime() - at.getTime()),
});
