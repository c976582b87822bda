import type { Extent } from '@hostmesh/core';
import type { PushFault, PushOptions } from '../push/push-options.ts';
import type { CardinalityFault } from '../ref/host-mesh-ref-fault.ts';

/** Options of `HostMesh.attach`. */
export interface AttachOptions extends PushOptions {
  /** Shape of the mesh; `hosts=N` when absent. Its ranks are the addresses, in order. */
  readonly extent?: Extent;
}

/** Why an attach failed; it never leaves a mesh behind (rule HM-2, reference section 5.4). */
export type AttachFault = PushFault | CardinalityFault;
