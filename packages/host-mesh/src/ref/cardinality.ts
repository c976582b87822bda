import type { Fault } from '@hostmesh/core';

/** The number of hosts is not the number of ranks of their region. */
export type CardinalityFault = Fault<'cardinality_mismatch'>;

/** The wording of reference section 4.1. */
export const cardinalityFault = (expected: number, actual: number): CardinalityFault => ({
  code: 'cardinality_mismatch',
  message: `invalid mesh ref: expected ${expected} ranks, but contains ${actual} ranks`,
});
