import type { Fault } from '@hostmesh/core';

/** The number of hosts is not the number of ranks of their region. */
export type CardinalityFault = Fault<'invalid_host_mesh_ref'>;

export const cardinalityFault = (expected: number, actual: number): CardinalityFault => ({
  code: 'invalid_host_mesh_ref',
  message: `invalid mesh ref: expected ${expected} ranks, but contains ${actual} ranks`,
});

/** Why a text is no host mesh ref; codes and messages stand for the kinds of reference section 4.1. */
export type HostMeshRefParseError =
  CardinalityFault | Fault<'missing_id' | 'missing_region' | 'invalid_id' | 'region_parse_error' | 'other'>;
