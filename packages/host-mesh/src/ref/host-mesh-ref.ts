import {
  extentOf,
  fail,
  numRanks,
  ok,
  parseHostMeshId,
  parseRegion,
  printHostMeshId,
  printRegion,
  rangeOfIndex,
  regionOfExtent,
  regionRanks,
  sliceIndex,
  sliceRegion,
  type ChannelAddress,
  type Extent,
  type Fault,
  type HostMeshId,
  type Range,
  type Region,
  type Result,
} from '@hostmesh/core';
import { hostAt, parseHostRef, printHostRef, type HostRef, type HostTarget } from './host-ref.ts';

/** The number of hosts is not the number of ranks of their region. */
export type CardinalityFault = Fault<'invalid_host_mesh_ref'>;

const cardinalityFault = (expected: number, actual: number): CardinalityFault => ({
  code: 'invalid_host_mesh_ref',
  message: `invalid mesh ref: expected ${expected} ranks, but contains ${actual} ranks`,
});

/** Why a text is no host mesh ref; codes and messages stand for the kinds of reference section 4.1. */
export type HostMeshRefParseError =
  | CardinalityFault
  | Fault<'missing_id' | 'missing_region' | 'invalid_id' | 'region_parse_error' | 'other'>;

/** Canonical JSON of a ref: equal refs have equal bytes. */
export interface HostMeshRefJson {
  readonly hosts: readonly string[];
  readonly id: string;
  readonly region: string;
}

/**
 * A description of hosts in a shape, which owns nothing and may be copied (reference section 4). It has no
 * bootstrap command: the reference loses it in the text form and keeps it in the JSON form, so ours is in no form,
 * and a command is given where procs are spawned.
 */
export class HostMeshRef {
  readonly id: HostMeshId;
  readonly region: Region;
  /** In the order of the region's view ranks. */
  readonly hosts: readonly HostRef[];
  #targets: readonly HostTarget[] | null = null;

  private constructor(id: HostMeshId, region: Region, hosts: readonly HostRef[]) {
    this.id = id;
    this.region = region;
    this.hosts = hosts;
  }

  /** Hosts in a region that has exactly as many ranks. */
  static of(
    id: HostMeshId,
    region: Region,
    hosts: readonly HostRef[],
  ): Result<HostMeshRef, CardinalityFault> {
    const expected = numRanks(region.slice);
    return expected === hosts.length
      ? ok(new HostMeshRef(id, region, hosts))
      : fail(cardinalityFault(expected, hosts.length));
  }

  /** The hosts at these addresses; `extent` is `hosts=N` when absent (reference 4.3). */
  static fromAddresses(
    id: HostMeshId,
    addresses: readonly ChannelAddress[],
    extent: Extent = extentOf({ hosts: addresses.length }),
  ): Result<HostMeshRef, CardinalityFault> {
    return HostMeshRef.of(id, regionOfExtent(extent), addresses.map(hostAt));
  }

  /** Reads what `toString` prints (reference 4.1): the id up to the first `:`, the region after the last `@`. */
  static parse(text: string): Result<HostMeshRef, HostMeshRefParseError> {
    const colon = text.indexOf(':');
    if (colon < 0) return fail({ code: 'missing_id', message: 'invalid host mesh ref: missing id' });
    // An `@` inside a quoted label of the region is part of that label.
    const at = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (label) => '_'.repeat(label.length)).lastIndexOf('@');
    if (at < colon) return fail({ code: 'missing_region', message: 'invalid host mesh ref: missing region' });
    const entries = text.slice(colon + 1, at).trim();
    return parseParts(
      text.slice(0, colon),
      entries === '' ? [] : entries.split(',').map((entry) => entry.trim()),
      text.slice(at + 1),
    );
  }

  /** Reads what `toJSON` gives. */
  static fromJson({ id, hosts, region }: HostMeshRefJson): Result<HostMeshRef, HostMeshRefParseError> {
    return parseParts(id, hosts, region);
  }

  /** `train:tcp:10.0.0.5:26600,tcp:10.0.0.6:26600@hosts=2/1`. Reads back to the same ref. */
  toString(): string {
    const { hosts, id, region } = this.toJSON();
    return `${id}:${hosts.join(',')}@${region}`;
  }

  toJSON(): HostMeshRefJson {
    return {
      hosts: this.hosts.map(printHostRef),
      id: printHostMeshId(this.id),
      region: printRegion(this.region),
    };
  }

  /** The hosts that `range`, or one index, selects of a dimension; base ranks are kept (reference 3.4). */
  range(dimension: string, range: Range | number): Result<HostMeshRef> {
    const selected = typeof range === 'number' ? rangeOfIndex(range) : range;
    const region = sliceRegion(this.region, dimension, selected);
    if (!region.ok) return region;
    const hosts = [...regionRanks(region.value)].map((baseRank) => this.#hostOfBaseRank(baseRank));
    return ok(new HostMeshRef(this.id, region.value, hosts));
  }

  /** The hosts as targets of an operation, by view rank. */
  get targets(): readonly HostTarget[] {
    this.#targets ??= this.hosts.map((host, rank) => ({
      rank,
      address: host.address,
      text: printHostRef(host),
    }));
    return this.#targets;
  }

  #hostOfBaseRank(baseRank: number): HostRef {
    const ordinal = sliceIndex(this.region.slice, baseRank);
    const host = ordinal.ok ? this.hosts[ordinal.value] : undefined;
    if (host === undefined)
      throw new RangeError(`base rank ${baseRank} is not in ${printRegion(this.region)}`);
    return host;
  }
}

function parseParts(
  idText: string,
  entries: readonly string[],
  regionText: string,
): Result<HostMeshRef, HostMeshRefParseError> {
  const id = parseHostMeshId(idText);
  if (!id.ok) return fail({ code: 'invalid_id', message: id.fault.message });
  const region = parseRegion(regionText);
  if (!region.ok) return fail({ code: 'region_parse_error', message: region.fault.message });
  const hosts: HostRef[] = [];
  for (const entry of entries) {
    const host = parseHostRef(entry);
    if (!host.ok) return fail({ code: 'other', message: host.fault.message });
    hosts.push(host.value);
  }
  return HostMeshRef.of(id.value, region.value, hosts);
}
