import { ChangeAct, type Change, type ChangeOf, type StateChange } from '@hostmesh/contract';
import { assertNever } from '@hostmesh/core';
import type { Database, StateChangeRecord } from '@hostmesh/db';
import { pageAnswer, type Handlers } from '../http/route-types.ts';
import { notFound } from '../problem/route-fault.ts';

type HistoryRoutes = 'meshHistory' | 'hostHistory' | 'attemptHistory' | 'listChanges';

/** What became of meshes, hosts, attempts and all else, change by change. */
export function historyHandlers({
  meshes,
  attempts,
  changes,
}: Pick<Database, 'meshes' | 'attempts' | 'changes'>): Pick<Handlers, HistoryRoutes> {
  return {
    meshHistory: async ({ params: { id }, query }) => {
      if ((await meshes.get(id)) === undefined) return notFound(`mesh ${id}`);
      return pageAnswer(await changes.list({ subject: 'mesh', subjectId: id, ...query }), changeView);
    },
    hostHistory: async ({ params: { id, rank }, query }) => {
      const mesh = await meshes.get(id);
      if (mesh === undefined || rank >= mesh.hosts.total) return notFound(`host ${rank} of mesh ${id}`);
      return pageAnswer(await changes.list({ subjectId: id, rank, ...query }), changeView);
    },
    attemptHistory: async ({ params: { id }, query }) => {
      if ((await attempts.get(id)) === undefined) return notFound(`attempt ${id}`);
      return pageAnswer(await changes.list({ subject: 'attempt', subjectId: id, ...query }), changeView);
    },
    listChanges: async ({ query: { kind, mesh, host, attempt, state, since, until, ...page } }) =>
      pageAnswer(
        await changes.list({
          subject: kind,
          meshId: mesh,
          hostId: host,
          subjectId: attempt,
          to: state,
          ...(since !== undefined && { since: new Date(since) }),
          ...(until !== undefined && { until: new Date(until) }),
          ...page,
        }),
        listedChange,
      ),
  };
}

const changeView = ({ from, to, why, by, act, at, recordedAt, until }: StateChangeRecord): StateChange => ({
  from,
  to,
  why,
  by,
  act: ChangeAct.nullable().parse(act),
  at: at.toISOString(),
  recordedAt: recordedAt.toISOString(),
  durationMs: until === null ? null : Math.max(0, until.getTime() - at.getTime()),
});

const listedChange = (record: StateChangeRecord): Change => ({
  id: String(record.id),
  of: changeOf(record),
  ...changeView(record),
});

function changeOf(record: StateChangeRecord): ChangeOf {
  const { subject, subjectId, rank, meshId, hostId, meshName: mesh, address, procMeshName } = record;
  switch (subject) {
    case 'host':
      return { kind: subject, meshId: subjectId, mesh, rank: rank ?? 0, hostId, address };
    case 'mesh':
      return { kind: subject, meshId: subjectId, mesh };
    case 'attempt':
      return { kind: subject, attemptId: subjectId, meshId, mesh };
    case 'proc_mesh':
      return { kind: subject, procMeshId: subjectId, procMesh: procMeshName, meshId: meshId ?? '', mesh };
    case 'orphan':
      return { kind: subject, procId: subjectId, meshId: meshId ?? '', mesh, hostId };
    case 'engine': {
      const [part = '', owner = ''] = subjectId.split('@', 2);
      return { kind: subject, part, owner };
    }
    default:
      return assertNever(subject);
  }
}
