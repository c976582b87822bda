import type { AttachRequest, AttemptKind, LeftOut } from '@hostmesh/contract';
import {
  type ChannelAddress,
  type ConfigAttrs,
  countOf,
  type Extent,
  fail,
  makeExtent,
  MESH_ATTACH_CONFIG_TIMEOUT,
  numRanks,
  ok,
  parseConfigOverrides,
  parseHostList,
  parseLabel,
  printExtent,
  valueIn,
} from '@hostmesh/core';
import { snapshotOfAttrs, type ConfigSnapshot } from '@hostmesh/core/snapshot';
import {
  invalidRequest,
  type RouteFault,
  type RouteResult,
  type FieldError,
} from '../problem/route-fault.ts';
import { readDuration } from '../problem/read-duration.ts';

/** What an attempt is to do, every part of it checked: as it is stored and carried out. */
export interface AttemptTask extends AttemptTerms {
  readonly kind: AttemptKind;
  /** The name of the mesh. */
  readonly mesh: string;
  /** Of a push, the mesh that it goes to. */
  readonly meshId?: string;
  /** In the order of their ranks. */
  readonly hosts: readonly TaskHost[];
  readonly extent: Extent;
  /** Of a heal, other meshes that have ended, and whose config is replaced, too. */
  readonly abandoned?: readonly string[];
  /** Of a retry, the attempt that it tries again. */
  readonly parentId?: string;
  /** Ranks that must install before the others are tried. */
  readonly firstRanks?: readonly number[];
  /** Hosts of the parent that it goes without. */
  readonly leftOut?: LeftOut;
  /** It may take the place of a mesh of its name with other hosts. */
  readonly replace?: boolean;
  /** It may take hosts over from other meshes. */
  readonly takeOver?: boolean;
}

/** A host of an attempt: its address as it is dialled and as it is shown. */
export interface TaskHost {
  readonly address: ChannelAddress;
  readonly text: string;
  /** Of a heal, its rank in the mesh; else its place in the list. */
  readonly rank?: number;
  /** As it told when it was last heard there. */
  readonly hostId?: string | null;
}

/** What is sent and for how long; durations in milliseconds. */
export interface AttemptTerms {
  readonly snapshot: ConfigSnapshot;
  readonly timeoutMs: number;
  readonly waitForHostsMs: number;
}

/** What a request is checked against. */
export interface PlanLimits {
  /** The values that a push sends where the request does not say otherwise. */
  readonly base: ConfigAttrs;
  readonly maxHosts: number;
}

/** A list of thousands of hosts can be wrong in thousands of places: nobody reads that many. */
const MAX_ERRORS = 100;

/** Plans an attach. Checks everything that can be checked before a host is asked, and names every field that is wrong. */
export function planAttach(request: AttachRequest, limits: PlanLimits): RouteResult<AttemptTask> {
  const errors: FieldError[] = [];
  const label = parseLabel(request.mesh);
  if (!label.ok) errors.push({ field: 'mesh', message: label.fault.message });
  const list = parseHostList(request.hosts, { maxHosts: limits.maxHosts });
  const hosts = list.ok ? list.value.hosts : [];
  const extent = readExtent(request.extent, hosts.length, list.ok, errors);
  const terms = readTerms(request, limits.base, errors);
  if (!list.ok) {
    const inList = typeof request.hosts === 'string' ? () => 'hosts' : (line: number) => `hosts[${line - 1}]`;
    const wrong = list.fault.errors.map(({ line, message }) => ({ field: inList(line), line, message }));
    return fail({ ...invalid([...wrong, ...errors]), code: 'invalid_hosts', message: list.fault.message });
  }
  if (errors.length > 0) return fail(invalid(errors));
  return ok({ kind: 'attach', mesh: request.mesh, hosts, extent, ...permissionsOf(request), ...terms });
}

/** The terms of a push on their own: of a config push to a mesh, or of a retry. */
export function planPush(
  request: Pick<AttachRequest, 'config' | 'timeout' | 'waitForHosts'>,
  base: ConfigAttrs,
): RouteResult<AttemptTerms> {
  const errors: FieldError[] = [];
  const terms = readTerms(request, base, errors);
  return errors.length > 0 ? fail(invalid(errors)) : ok(terms);
}

/** What the attempt of a request may cost others. */
export const permissionsOf = ({
  replace = false,
  takeOver = false,
}: Pick<AttachRequest, 'replace' | 'takeOver'>) => ({ replace, takeOver });

function readTerms(
  request: Pick<AttachRequest, 'config' | 'timeout' | 'waitForHosts'>,
  base: ConfigAttrs,
  errors: FieldError[],
): AttemptTerms {
  const overrides = parseConfigOverrides(request.config ?? {});
  if (!overrides.ok) {
    errors.push(...overrides.fault.errors.map(({ key, message }) => ({ field: `config.${key}`, message })));
  }
  const snapshot = snapshotOfAttrs({ ...base, ...(overrides.ok && overrides.value) });
  return {
    snapshot,
    timeoutMs:
      readDuration(request.timeout, { field: 'timeout', minMs: 1 }, errors) ??
      valueIn(snapshot.attrs, MESH_ATTACH_CONFIG_TIMEOUT),
    waitForHostsMs: readDuration(request.waitForHosts, { field: 'waitForHosts', minMs: 0 }, errors) ?? 0,
  };
}

function readExtent(
  given: AttachRequest['extent'],
  hostCount: number,
  countKnown: boolean,
  errors: FieldError[],
): Extent {
  const byDefault = { labels: ['hosts'], sizes: [hostCount] };
  if (given === undefined) return byDefault;
  const extent = makeExtent(Object.keys(given), Object.values(given));
  if (!extent.ok) {
    errors.push({ field: 'extent', message: extent.fault.message });
    return byDefault;
  }
  if (extent.value.labels.some((label) => label === '' || label.length > 63)) {
    errors.push({ field: 'extent', message: 'labels have 1 to 63 characters' });
  }
  const ranks = numRanks(extent.value);
  if (countKnown && ranks !== hostCount) {
    const message = `${printExtent(extent.value)} has ${countOf(ranks, 'rank')}, but the list has ${countOf(hostCount, 'host')}`;
    errors.push({ field: 'extent', message });
  }
  return extent.value;
}

function invalid(errors: readonly FieldError[]): RouteFault {
  const shown = errors.slice(0, MAX_ERRORS);
  const fault = invalidRequest(shown);
  if (shown.length === errors.length) return fault;
  return {
    ...fault,
    message: `${fault.message} (and ${countOf(errors.length - shown.length, 'more error')})`,
  };
}
