'use client';

import type { MeshHost } from '@hostmesh/contract';
import { useLiveState } from '../live/live-provider.tsx';
import { Time } from '../ui/time/time.tsx';

/**
 * When a host was last heard. Heartbeats make no events, so the time of a healthy host is old as soon as it is read;
 * what is known of it is that no heartbeat has been missed. On a still picture not even that.
 */
export function LastHeard({ host }: { host: Pick<MeshHost, 'health' | 'lastHeardAt'> }) {
  const { kind } = useLiveState();
  const isStill = kind === 'stale' || kind === 'paused';
  if (host.health === 'healthy' && !isStill) return <span className="quiet">on time</span>;
  return host.lastHeardAt === null ? 'never' : <Time at={host.lastHeardAt} />;
}
