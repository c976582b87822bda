import type { Hello, InstalledConfig, Lifecycle } from '@hostmesh/protocol';

/**
 * What we know of a host of a mesh, never better than the last thing heard.
 * - `connecting`: not heard yet
 * - `healthy`: heard within the last keepalives, and it holds the mesh's config
 * - `config_lost`: it answers, but the config installed there is not the mesh's
 * - `unreachable`: not heard for longer than the keepalives allow, or known not to answer
 */
export const hostHealths = ['connecting', 'healthy', 'config_lost', 'unreachable'] as const;
export type HostHealth = (typeof hostHealths)[number];

/** One host as last heard. All times are milliseconds since 1970 by our clock. */
export interface HostObservation {
  readonly rank: number;
  /** Printed native form. */
  readonly address: string;
  readonly health: HostHealth;
  /** What made the health what it is, for people; null when it is simply healthy or not heard yet. */
  readonly reason: string | null;
  /** Since when the health is what it is. */
  readonly since: number;
  readonly lastHeardAt: number | null;
  /** What the agent said of itself when it was last connected. */
  readonly hello: Hello | null;
  /** As last heard, which is later than `hello`. */
  readonly lifecycle: Lifecycle | null;
  readonly config: InstalledConfig | null;
}
