import type { ClockOffset, Hello, InstalledConfig, Lifecycle } from '@hostmesh/protocol';
import type { HostWatch } from './host-watch.ts';

export type ObservedHealth = HostWatch['kind'];

/** One host of an attached mesh as last heard. All times are milliseconds since 1970 by our clock. */
export interface HostObservation {
  readonly rank: number;
  /** As `HostTarget.text`: the printed address. */
  readonly address: string;
  /** The host that this rank is; null before it was reached, and after it was given up. */
  readonly hostId: string | null;
  /** Of `replaced`: who answers instead. */
  readonly foundHostId: string | null;
  /** How far its clock is ahead of ours, as last measured; null when that is not known. */
  readonly clockOffset: ClockOffset | null;
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

/** What is known of the host of a rank. */
export function observationOf(
  {
    rank,
    address,
    hostId,
    clockOffset,
  }: Pick<HostObservation, 'rank' | 'address' | 'hostId' | 'clockOffset'>,
  watch: HostWatch,
): HostObservation {
  const heard = ('heard' in watch ? watch.heard : null) ?? null;
  return {
    rank,
    address,
    hostId,
    foundHostId: watch.kind === 'replaced' ? watch.found.hostId : null,
    clockOffset,
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
  a.hostId === b.hostId &&
  a.foundHostId === b.foundHostId &&
  sameOffset(a.clockOffset, b.clockOffset) &&
  a.reason === b.reason &&
  a.lifecycle === b.lifecycle &&
  a.hello === b.hello &&
  a.config?.digest === b.config?.digest &&
  a.config?.epoch === b.config?.epoch &&
  a.config?.owner?.clientId === b.config?.owner?.clientId &&
  JSON.stringify(a.config?.withoutEffect) === JSON.stringify(b.config?.withoutEffect);

/** Clocks that part by less than this are told of with the next change. */
const WORTH_TELLING_MS = 500;
const sameOffset = (a: ClockOffset | null, b: ClockOffset | null): boolean =>
  a === null || b === null ? a === b : Math.abs(a.offsetMs - b.offsetMs) < WORTH_TELLING_MS;
