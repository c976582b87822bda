import type { Hello, InstalledConfig, Lifecycle } from '@hostmesh/protocol';
import type { HostWatch } from './host-watch.ts';

export type ObservedHealth = HostWatch['kind'];

/** One host of an attached mesh as last heard. All times are milliseconds since 1970 by our clock. */
export interface HostObservation {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  readonly health: ObservedHealth;
  /** What made the health what it is, for people; null when there is nothing to say. */
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

export function observationOf(rank: number, address: string, watch: HostWatch): HostObservation {
  const heard = ('heard' in watch ? watch.heard : null) ?? null;
  return {
    rank,
    address,
    health: watch.kind,
    reason: 'reason' in watch ? (watch.reason ?? null) : watch.kind === 'healthy' ? watch.note : null,
    since: watch.since,
    lastHeardAt: heard?.at ?? null,
    hello: heard?.hello ?? null,
    lifecycle: heard?.lifecycle ?? null,
    config: heard?.config ?? null,
  };
}

/** Whether two observations of a host differ in nothing but when it was last heard. */
export const sameButForTime = (a: HostObservation, b: HostObservation): boolean =>
  a.health === b.health &&
  a.reason === b.reason &&
  a.lifecycle === b.lifecycle &&
  a.hello === b.hello &&
  a.config?.digest === b.config?.digest &&
  a.config?.epoch === b.config?.epoch &&
  a.config?.owner?.clientId === b.config?.owner?.clientId &&
  JSON.stringify(a.config?.withoutEffect) === JSON.stringify(b.config?.withoutEffect);
