import {
  withoutEffectText,
  type HealthCounts,
  type Mesh,
  type MeshHost,
  type TakenOver,
} from '@hostmesh/contract';
import { countOf, formatCount, pointOfRank, printPoint } from '@hostmesh/core';
import type { MeshHostRecord, MeshRecord } from '@hostmesh/db';

/** A mesh as the API shows it. */
export function meshView(record: MeshRecord): Mesh {
  const { id, name, state, ref, configDigest, hosts, attempt, attachedAt, endedAt } = record;
  return {
    id,
    name,
    state,
    ref,
    extent: Object.fromEntries(
      record.extent.labels.map((label, index) => [label, record.extent.sizes[index] ?? 0]),
    ),
    configDigest,
    hosts,
    attempt: { id: attempt.id, state: attempt.state, startedAt: attempt.startedAt.toISOString() },
    attachedAt: attachedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    summary: summarise(record),
  };
}

/** A host of a mesh of this extent, as the API shows it. */
export function meshHostView(host: MeshHostRecord, extent: MeshRecord['extent']): MeshHost {
  const point = pointOfRank(extent, host.rank);
  return {
    ...host,
    point: point.ok ? printPoint(point.value) : '',
    since: host.since.toISOString(),
    lastHeardAt: host.lastHeardAt?.toISOString() ?? null,
    takenOver: host.takenOver && takenOverView(host.takenOver),
  };
}

/** By whom a host was taken over, as the API shows it. */
export const takenOverView = (taken: NonNullable<MeshHostRecord['takenOver']>): TakenOver => ({
  ...taken,
  at: taken.at?.toISOString() ?? null,
});

function summarise({ state, hosts }: Pick<MeshRecord, 'state' | 'hosts'>): string {
  const { total, healthy } = hosts;
  switch (state) {
    case 'attached': {
      const shadowed = withoutEffectText(hosts);
      const lead =
        healthy === total
          ? `${countOf(total, 'host')}, all healthy`
          : `${formatCount(healthy)} of ${countOf(total, 'host')} healthy${unwell(hosts)}`;
      return `${lead}${shadowed === '' ? '' : `, ${shadowed}`}.`;
    }
    case 'stopping':
      return `${countOf(total, 'host')} being given back or shut down.`;
    case 'stopped':
      return `Given back: ${countOf(total, 'host')}. Agents that ran then run on; nobody watches them here.`;
    case 'shut_down':
      return `${countOf(total, 'host')} left service.`;
    case 'replaced':
      return 'A later attach of the same name took its place.';
  }
}

function unwell({ connecting, configLost, unreachable, replaced }: HealthCounts): string {
  const parts = [
    [replaced, 'replaced by another agent at their address'],
    [unreachable, 'unreachable'],
    [configLost, 'without the config'],
    [connecting, 'not heard yet'],
  ] as const;
  return parts.map(([count, what]) => (count > 0 ? `, ${count} ${what}` : '')).join('');
}
