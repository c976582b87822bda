import type { RetryRequest } from '@hostmesh/contract';
import { ok, printDuration, type ConfigAttrs } from '@hostmesh/core';
import type { AttemptRecord, AttemptTarget } from '@hostmesh/db';
import { storedAddress } from '../agents/stored-names.ts';
import { refuse, type RouteResult } from '../problem/route-fault.ts';
import { planPush, type AttemptTask } from './plan-attach.ts';

/**
 * The attempt that tries `parent` again: the same snapshot for all the same hosts in the same shape. With
 * `only: "failed"` those that had not installed go first, and the others only follow once these have.
 */
export function planRetry(
  parent: AttemptRecord,
  targets: readonly AttemptTarget[],
  attrs: ConfigAttrs,
  request: RetryRequest,
): RouteResult<AttemptTask> {
  if (parent.state === 'running') {
    return refuse('attempt_running', `Attempt ${parent.id} is still running: wait for it, or cancel it.`);
  }
  if (parent.state === 'attached') {
    return refuse(
      'nothing_to_retry',
      `All ${targets.length} hosts of attempt ${parent.id} installed the config; to send it again, push to the mesh.`,
    );
  }
  const first = targets.filter(({ state }) => state !== 'installed').map(({ rank }) => rank);
  if (request.only === 'failed' && first.length === 0) {
    return refuse(
      'nothing_to_retry',
      `No host of attempt ${parent.id} failed (it is ${parent.state}); retry all ${targets.length} hosts instead.`,
    );
  }
  const terms = planPush(
    {
      timeout: request.timeout ?? printDuration(parent.timeoutMs),
      waitForHosts: request.waitForHosts ?? printDuration(parent.waitForHostsMs),
    },
    attrs,
  );
  if (!terms.ok) return terms;
  const { kind, mesh, meshId, extent } = parent;
  return ok({
    kind,
    mesh,
    ...(kind === 'push' && meshId !== null && { meshId }),
    hosts: targets.map(({ address }) => ({ address: storedAddress(address), text: address })),
    extent,
    parentId: parent.id,
    ...(request.only === 'failed' && first.length < targets.length && { firstRanks: first }),
    ...terms.value,
  });
}
