import type { MeshHost } from '@hostmesh/contract';
import { Time } from '../ui/time/time.tsx';

/**
 * When a host was last heard. Heartbeats make no events, so the time of a healthy host is old as soon as it is read;
 * what is known of it is that no heartbeat has been missed.
 */
export function LastHeard({ host }: { host: Pick<MeshHost, 'health' | 'lastHeardAt'> }) {
  if (host.health === 'healthy') return <span className="quiet">on time</span>;
  return host.lastHeardAt === null ? 'never' : <Time at={host.lastHeardAt} />;
}
