'use client';

import { keysWithoutEffectText, lifecycleText, type MeshHost } from '@hostmesh/contract';
import { useLiveState } from '../live/live-provider.tsx';
import { codeColumn, numberColumn, sentenceColumn, timeColumn } from '../ui/data-table/column-kinds.tsx';
import type { Column } from '../ui/data-table/column.ts';
import { healthMarks } from '../ui/state/mark.ts';
import { StateMark } from '../ui/state/state-mark.tsx';
import { DigestText } from '../ui/text/mono.tsx';
import { formatBytes } from '../ui/text/plain-text.ts';
import { Time } from '../ui/time/time.tsx';

/** The columns of a mesh's hosts. */
export const meshHostColumns: readonly Column<MeshHost>[] = [
  codeColumn('address', 'Address', (host) => host.address, { width: 250, grow: true }),
  {
    id: 'health',
    header: 'Health',
    value: (host) => host.health,
    cell: (host) => <StateMark mark={healthMarks[host.health]} />,
    width: 120,
    match: 'exact',
    narrow: true,
  },
  timeColumn('since', 'Since', (host) => host.since, { width: 100 }),
  {
    id: 'heard',
    header: 'Last heard',
    value: (host) => host.lastHeardAt,
    cell: (host) => <LastHeard host={host} />,
    width: 105,
  },
  sentenceColumn('reason', 'Why', (host) => host.reason, { width: 260, grow: true }),
  sentenceColumn(
    'without_effect',
    'Without effect',
    ({ withoutEffect }) => keysWithoutEffectText(withoutEffect) || null,
    { width: 160 },
  ),
  numberColumn('rank', 'Rank', (host) => host.rank, { width: 72 }),
  codeColumn('host', 'Host id', (host) => host.hostId, { width: 190, hidden: true }),
  { id: 'hostname', header: 'Host name', value: (host) => host.hostname, width: 150, hidden: true },
  {
    id: 'config',
    header: 'Config',
    value: (host) => host.configDigest,
    cell: (host) => host.configDigest !== null && <DigestText digest={host.configDigest} copy={false} />,
    width: 190,
    hidden: true,
  },
  codeColumn('point', 'Point', (host) => host.point, { width: 140, hidden: true }),
  {
    id: 'lifecycle',
    header: 'Its agent',
    value: (host) => lifecycleText(host.lifecycle),
    width: 150,
    match: 'exact',
    hidden: true,
  },
  {
    id: 'version',
    header: 'Agent',
    value: (host) => host.agentVersion,
    width: 90,
    match: 'exact',
    hidden: true,
  },
  { id: 'platform', header: 'Platform', value: (host) => host.platform, width: 120, hidden: true },
  numberColumn('cpus', 'CPUs', (host) => host.cpus, { width: 72, hidden: true }),
  {
    id: 'memory',
    header: 'Memory',
    value: (host) => host.memoryBytes,
    cell: (host) => host.memoryBytes !== null && formatBytes(host.memoryBytes),
    width: 90,
    numeric: true,
    hidden: true,
  },
];

/**
 * When a host was last heard. The event stream does not tell of heartbeats, so the time of a healthy host is out of date
 * as soon as it is read: while it is healthy, no heartbeat has been missed, and `on time` is shown. On a page that is
 * stale or paused that is not known, and the time itself is shown.
 */
export function LastHeard({ host }: { host: Pick<MeshHost, 'health' | 'lastHeardAt'> }) {
  const { kind } = useLiveState();
  const isStill = kind === 'stale' || kind === 'paused' || kind === 'asleep';
  if (host.health === 'healthy' && !isStill) return <span className="quiet">on time</span>;
  return host.lastHeardAt === null ? 'never' : <Time at={host.lastHeardAt} />;
}
