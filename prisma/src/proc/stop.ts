import type { Fault } from '@hostmesh/core';
import type { ProcLeaseFault } from './lease.ts';

/** It has stopped, or its spawn failed. */
export type BeginStopFault = ProcLeaseFault | Fault<'proc_mesh_ended'>;

/** No stop is on its way. */
export type NotStoppingFault = Fault<'not_stopping'>;
