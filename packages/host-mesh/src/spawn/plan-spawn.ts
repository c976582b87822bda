import {
  concatExtents,
  countOf,
  type Extent,
  extentOfRegion,
  fail,
  numRanks,
  ok,
  ownEnvironment,
  pointOfRank,
  printEntityAddress,
  printPoint,
  printResourceId,
  procIdOf,
  type Result,
} from '@hostmesh/core';
import { MAX_REQUEST_BYTES } from '../call/request-parts.ts';
import { controllerName } from '../proc-mesh/proc-mesh-ref.ts';
import type { HostMeshRef } from '../ref/host-mesh-ref.ts';
import type { BootstrapCommand, PlannedProc, SpawnPlan, SpawnPlanFault, SpawnTerms } from './spawn-plan.ts';

/** As many procs as one controller is known to look after. */
const MAX_PROCS = 200_000;
/** As the reference words it, without the prefix of the other faults. */
const EMPTY = 'empty proc meshes are not supported';

/**
 * Checks what a client wants and says what every proc of it will be (reference sections 9.1 to 9.3), with nothing
 * sent. Ids, points and addresses follow from the ref and the terms alone, so that everybody gets the same ones.
 */
export function planSpawn(ref: HostMeshRef, terms: SpawnTerms): Result<SpawnPlan, SpawnPlanFault> {
  const { id, name, perHost, procBind, restart, keep, ttlMs, timeoutMs } = terms;
  const hosts = extentOfRegion(ref.region);
  const extent = concatExtents(hosts, perHost);
  if (!extent.ok) {
    const label = perHost.labels.find((each) => hosts.labels.includes(each)) ?? '';
    const message = 'per_host dims overlap with existing dims when spawning proc mesh';
    return invalid('overlapping_dimension', `perHost.${label}`, message);
  }
  const slotsPerHost = numRanks(perHost);
  if (procBind !== undefined && procBind.length !== slotsPerHost)
    return invalid('proc_bind_length', 'procBind', 'proc_bind length does not match per_host extent');
  const total = numRanks(extent.value);
  if (total === 0) return fail({ code: 'empty_proc_mesh', field: 'perHost', message: EMPTY });
  if (total > MAX_PROCS)
    return invalid('too_many_procs', 'perHost', `${countOf(total, 'proc')} are more than ${MAX_PROCS}`);

  const procs: PlannedProc[] = [];
  for (const [hostRank, { address }] of ref.hosts.entries()) {
    for (let slot = 0; slot < slotsPerHost; slot += 1) {
      const rank = slotsPerHost * hostRank + slot;
      const planned = planProc(terms, extent.value, rank, hostRank, slot);
      if (!planned.ok) return planned;
      const procId = procIdOf(id, rank);
      const location = { via: [procId.uid], address };
      procs.push({ ...planned.value, address: printEntityAddress({ id: procId, location }) });
    }
  }
  const controller = controllerName(id);
  return ok({
    id,
    name,
    extent: extent.value,
    perHost,
    slotsPerHost,
    controller,
    procs,
    restart,
    keep,
    ttlMs,
    timeoutMs,
  });
}

function planProc(
  terms: SpawnTerms,
  extent: Extent,
  rank: number,
  hostRank: number,
  slot: number,
): Result<Omit<PlannedProc, 'address'>, SpawnPlanFault> {
  const at = pointOfRank(extent, rank);
  if (!at.ok) throw new RangeError(at.fault.message);
  const point = printPoint(at.value);
  let command: BootstrapCommand;
  try {
    command = terms.perRankBootstrap?.(at.value, rank) ?? terms.command;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return invalid('per_rank_failed', `perRank.${rank}`, why);
  }
  const procId = printResourceId(procIdOf(terms.id, rank));
  const { readiness, readyTimeoutMs, restart, procBind } = terms;
  const spec = {
    procId,
    rank,
    command: {
      ...command,
      env: {
        ...command.env,
        ...ownEnvironment({ rank, hostRank, numRanks: numRanks(extent), point }),
      },
    },
    bind: procBind?.[slot] ?? null,
    readiness: typeof readiness === 'function' ? readiness(rank, slot) : readiness,
    readyTimeoutMs: typeof readyTimeoutMs === 'function' ? readyTimeoutMs(rank) : readyTimeoutMs,
    restart,
  };
  const sizeBytes = Buffer.byteLength(JSON.stringify(spec));
  if (sizeBytes > MAX_REQUEST_BYTES) {
    const message = `the command of rank ${rank} takes ${sizeBytes} bytes, more than ${MAX_REQUEST_BYTES}`;
    return invalid('command_too_large', terms.perRankBootstrap ? `perRank.${rank}` : 'command', message);
  }
  return ok({ rank, hostRank, slot, procId, point, spec });
}

const invalid = (code: SpawnPlanFault['code'], field: string, message: string) =>
  fail<SpawnPlanFault>({ code, field, message: `error during mesh configuration: ${message}` });
