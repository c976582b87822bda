import {
  fail,
  ok,
  parseRegion,
  parseResourceId,
  printRegion,
  printResourceId,
  procIdOf,
  rangeOfIndex,
  regionRanks,
  sliceRegion,
  type Fault,
  type ProcMeshId,
  type Range,
  type Region,
  type Result,
} from '@hostmesh/core';

/**
 * A description of procs in a shape, which owns nothing and may be copied. Slices keep base ranks, which are the
 * create ranks of the procs, so that a slice still knows the ids of its procs and the hosts that run them.
 */
export class ProcMeshRef {
  readonly id: ProcMeshId;
  readonly region: Region;
  readonly slotsPerHost: number;

  constructor(id: ProcMeshId, region: Region, slotsPerHost: number) {
    this.id = id;
    this.region = region;
    this.slotsPerHost = slotsPerHost;
  }

  /** Reads what `toString` prints. */
  static parse(text: string): Result<ProcMeshRef, Fault<'invalid_proc_mesh_ref'>> {
    const invalid = (why: string) =>
      fail({ code: 'invalid_proc_mesh_ref' as const, message: `invalid proc mesh ref: ${why}` });
    const [, idText = '', slots, regionText = ''] = /^([^/@]*)\/(\d{1,9})@(.*)$/.exec(text) ?? [];
    if (slots === undefined) return invalid('expected `<id>/<slots per host>@<region>`');
    const id = parseResourceId('proc', idText);
    if (!id.ok) return invalid(id.fault.message);
    const region = parseRegion(regionText);
    if (!region.ok) return invalid(region.fault.message);
    if (Number(slots) === 0) return invalid('a host has at least one slot');
    return ok(new ProcMeshRef(id.value, region.value, Number(slots)));
  }

  /** `workers-BLs6T7ZaDRB/2@1+hosts=2/2,gpus=1/1`. Reads back to the same ref. */
  toString(): string {
    return `${printResourceId(this.id)}/${this.slotsPerHost}@${printRegion(this.region)}`;
  }

  /** The procs that `begin..end`, one index, or a range selects of a dimension (reference 3.4). */
  range(dimension: string, begin: number | Range, end?: number): Result<ProcMeshRef> {
    const single = typeof begin === 'number' ? rangeOfIndex(begin) : begin;
    const range = end === undefined ? single : { ...single, end };
    const region = sliceRegion(this.region, dimension, range);
    return region.ok ? ok(new ProcMeshRef(this.id, region.value, this.slotsPerHost)) : region;
  }

  /** Create ranks, in the order of the region's view ranks. */
  get ranks(): readonly number[] {
    return [...regionRanks(this.region)];
  }

  /** The text form of the id of the proc at a create rank. */
  procId(createRank: number): string {
    return printResourceId(procIdOf(this.id, createRank));
  }

  /** The view rank, in the host mesh, of the host that runs the proc at a create rank (reference section 11). */
  hostRank(createRank: number): number {
    return Math.floor(createRank / this.slotsPerHost);
  }
}

/** Base name of the controller of a proc mesh, whose id follows after an underscore (reference section 12.1). */
export const PROC_MESH_CONTROLLER_NAME = 'proc_mesh_controller';

/** The name of the controller of this proc mesh. */
export const controllerName = (id: ProcMeshId): string =>
  `${PROC_MESH_CONTROLLER_NAME}_${printResourceId(id)}`;
