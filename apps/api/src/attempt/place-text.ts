import { endsText, inUseText, type Attempt } from '@hostmesh/contract';
import type { HostsInUseFault, MeshExistsFault } from '@hostmesh/db';
import type { RouteFault } from '../problem/route-fault.ts';

/** What an attempt would cost others, and how to ask for it all the same. */
export function placeRefusal(fault: MeshExistsFault | HostsInUseFault): RouteFault {
  if (fault.code === 'mesh_exists') {
    const { code, ends } = fault;
    const message = `Mesh ${ends.mesh} is attached with other hosts, another order or another shape. In its place, ${endsText(ends)}. That is done only when asked for with replace.`;
    return { code, message, ends };
  }
  const { code, inUse } = fault;
  const message = `Some of the hosts are in use: ${inUseText(inUse)}. They are taken over only when asked for with takeOver.`;
  return { code, message, inUse };
}

/** What an attempt has cost others, in sentences without their full stops. */
export function costSentences({ ended, tookOver }: Pick<Attempt, 'ended' | 'tookOver'>): string[] {
  return [
    ...(ended === null ? [] : [`It took the place of mesh ${ended.meshId}: ${endsText(ended, 'told')}`]),
    ...(tookOver === null ? [] : [`It took hosts over: ${inUseText(tookOver)}`]),
  ];
}
