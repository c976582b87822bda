import type { LeftOut, RetryRequest } from '@hostmesh/contract';
import {
  type ConfigAttrs,
  countOf,
  formatCount,
  ok,
  oneOrMany,
  printDuration,
  printExtent,
} from '@hostmesh/core';
import type { AttemptRecord, AttemptTarget } from '@hostmesh/db';
import { storedAddress } from '../agents/stored-names.ts';
import { refuse, type RouteResult } from '../problem/route-fault.ts';
import { permissionsOf, planPush, type AttemptTask } from './plan-attach.ts';

/**
 * The attempt that tries `parent` again: the same snapshot for all the same hosts in the same shape. With
 * `only: "failed"` those that had not installed go first, and the others only follow once these have. With
 * `only: "installed"` those are left out, and the mesh is a smaller one.
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
      `Every host of attempt ${parent.id} installed the config; to send it again, push to the mesh.`,
    );
  }
  if (parent.kind === 'heal') {
    return refuse(
      'nothing_to_retry',
      `Attempt ${parent.id} was the console's own, which tries those hosts again by itself; to send the config now, push to mesh ${parent.mesh}.`,
    );
  }
  const first = targets.filter(({ state }) => state !== 'installed').map(({ rank }) => rank);
  if (request.only === 'failed' && first.length === 0) {
    return refuse(
      'nothing_to_retry',
      `No host of attempt ${parent.id} failed (it is ${parent.state}); retry all instead.`,
    );
  }
  const kept = request.only === 'installed' ? keepInstalled(parent, targets) : ok(targets);
  if (!kept.ok) return kept;
  const terms = planPush(
    {
      timeout: request.timeout ?? printDuration(parent.timeoutMs),
      waitForHosts: request.waitForHosts ?? printDuration(parent.waitForHostsMs),
    },
    attrs,
  );
  if (!terms.ok) return terms;
  const { kind, mesh, meshId } = parent;
  const isSmaller = kept.value.length < targets.length;
  return ok({
    kind,
    mesh,
    ...(kind !== 'attach' && meshId !== null && { meshId }),
    hosts: kept.value.map(({ address, hostId }) => ({
      address: storedAddress(address),
      text: address,
      hostId,
    })),
    extent: isSmaller ? { ...parent.extent, sizes: [kept.value.length] } : parent.extent,
    parentId: parent.id,
    ...(request.only === 'failed' && first.length < targets.length && { firstRanks: first }),
    ...(isSmaller && { leftOut: leftOutOf(targets) }),
    ...permissionsOf(request),
    ...terms.value,
  });
}

/** So many hosts that were left out are named. */
const MAX_NAMED = 50;

function leftOutOf(targets: readonly AttemptTarget[]): LeftOut {
  const hosts = targets.filter(({ state }) => state !== 'installed');
  return {
    total: hosts.length,
    hosts: hosts.slice(0, MAX_NAMED).map(({ rank, address }) => ({ rank, address })),
  };
}

/** The hosts of the parent that had installed, if a mesh can be made of them alone. */
function keepInstalled(
  parent: AttemptRecord,
  targets: readonly AttemptTarget[],
): RouteResult<readonly AttemptTarget[]> {
  const { id, kind, mesh, extent, firstRanks, parentId } = parent;
  const installed = targets.filter(({ state }) => state === 'installed');
  if (kind !== 'attach') {
    return refuse(
      'cannot_leave_out',
      `Attempt ${id} was a push, which is for all hosts of mesh ${mesh}: to go on without some of them, attach ${mesh} anew with the others.`,
    );
  }
  if (installed.length === 0) {
    const untried =
      firstRanks.length > 0 && parentId !== null
        ? ` ${formatCount(targets.length - firstRanks.length)} of its ${countOf(targets.length, 'host')} ${oneOrMany(targets.length - firstRanks.length, 'was', 'were')} not tried; those of attempt ${parentId}, which it retries, can be attached without the failed.`
        : '';
    return refuse(
      'cannot_leave_out',
      `No host of attempt ${id} installed the config, so nothing is left to attach.${untried}`,
    );
  }
  if (extent.labels.length !== 1 && installed.length < targets.length) {
    return refuse(
      'cannot_leave_out',
      `Attempt ${id} has the shape ${printExtent({ labels: [...extent.labels], sizes: [...extent.sizes] })}, of which no single host can be left out: only a mesh of one dimension can be made smaller. Attach the ${countOf(installed.length, 'host')} that installed with a shape of their own.`,
    );
  }
  return ok(installed);
}
