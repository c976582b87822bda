import { printDuration, type ChannelAddress } from '@hostmesh/core';
import type { ClockOffset, Hello, InstalledConfig, Owner } from '@hostmesh/protocol';
import { hostIdConflictText, type Claimant } from '../push/config-push-failure.ts';
import type { PreflightWarning } from './preflight-report.ts';

/** What is known of a host when its warnings are made. */
export interface Inspected {
  readonly rank: number;
  readonly target: ChannelAddress;
  /** The address, printed. */
  readonly address: string;
  readonly hello: Hello | null;
  readonly clockOffset: ClockOffset | null;
  readonly config: InstalledConfig | null;
  readonly unknownKeys: readonly string[];
}

/**
 * The warnings of each host, in the order given, about a push by `owner`. Most attach problems of users are problems of addresses and
 * readiness that show as timeouts (a host that advertises a name of 127.0.1.1, for one); here they have a name.
 */
export function preflightWarnings(hosts: readonly Inspected[], owner: Owner): PreflightWarning[][] {
  const severalMachines = hosts.some(({ target }) => !isLocal(target)) && hosts.length > 1;
  const byHostId = Map.groupBy(hosts, ({ hello }) => hello?.hostId ?? null);
  return hosts.map((host) => [
    ...warningsOfAddress(host, severalMachines),
    ...warningsOfIdentity(host, byHostId.get(host.hello?.hostId ?? null) ?? []),
    ...warningsOfState(host, owner),
    ...warningsOfClock(host),
  ]);
}

function* warningsOfAddress({ target }: Inspected, severalMachines: boolean): Iterable<PreflightWarning> {
  if (isWildcard(target)) {
    const message = 'this is an address to listen on; what it reaches when dialled is this machine at best';
    yield { code: 'wildcard_address', message };
  } else if (severalMachines && isLocal(target)) {
    const message = 'this address means this machine, while other hosts of the mesh are elsewhere';
    yield { code: 'loopback_address', message };
  }
}

function* warningsOfIdentity(host: Inspected, sameHost: readonly Inspected[]): Iterable<PreflightWarning> {
  if (host.hello === null || sameHost.length < 2) return;
  const claim = ({ address, hello }: Inspected): Claimant[] =>
    hello === null ? [] : [{ address, ...hello }];
  const [own] = claim(host);
  const [other] = sameHost.filter(({ rank }) => rank !== host.rank).flatMap(claim);
  if (own !== undefined && other !== undefined)
    yield { code: 'host_id_conflict', message: hostIdConflictText(own, other), fails: true };
}

/** A clock that is off by more than this is worth a word. */
const CLOCK_MATTERS_MS = 2_000;

function* warningsOfClock({ clockOffset }: Inspected): Iterable<PreflightWarning> {
  if (clockOffset === null) return;
  const { offsetMs, errorMs } = clockOffset;
  if (Math.abs(offsetMs) - errorMs <= CLOCK_MATTERS_MS) return;
  const size = printDuration(Math.round(Math.abs(offsetMs) / 1000) * 1000);
  const message = `its clock is ${size} ${offsetMs > 0 ? 'ahead of' : 'behind'} the console's`;
  yield { code: 'clock', message };
}

function* warningsOfState(
  { hello, config, unknownKeys }: Inspected,
  owner: Owner,
): Iterable<PreflightWarning> {
  const holder = config?.owner ?? owner;
  if (holder.clientId !== owner.clientId) {
    yield { code: 'other_owner', message: `it would be taken over from ${holder.label}` };
  }
  if (hello?.lifecycle === 'draining' || hello?.lifecycle === 'shutdown') {
    const what = hello.lifecycle === 'draining' ? 'draining' : 'leaving service';
    const fails = hello.lifecycle === 'shutdown' ? ({ fails: true } as const) : {};
    yield { code: 'lifecycle', message: `it is ${what}`, ...fails };
  }
  if (unknownKeys.length > 0) {
    yield { code: 'unknown_keys', message: `its agent does not know ${unknownKeys.join(', ')}` };
  }
}

const hostOf = (address: ChannelAddress): string | null => ('host' in address ? address.host : null);

const isWildcard = (address: ChannelAddress): boolean => /^(0\.0\.0\.0|::|\*)$/.test(hostOf(address) ?? '');

/** Whether the address can only ever mean the machine that it is used on. */
function isLocal(address: ChannelAddress): boolean {
  const host = hostOf(address);
  return host === null || host === '::1' || /^127\.|(^|\.)localhost$/i.test(host);
}
