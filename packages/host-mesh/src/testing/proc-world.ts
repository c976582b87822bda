import { extentOf, instanceId, type ConfigAttrs, type Result } from '@hostmesh/core';
import { snapshotOfAttrs } from '@hostmesh/core/snapshot';
import type { ProcCommand, RestartPolicy } from '@hostmesh/protocol';
import { HostMesh } from '../mesh/host-mesh.ts';
import type { ProcMesh } from '../proc-mesh/proc-mesh.ts';
import type { ProcChange } from '../proc/proc-observation.ts';
import { planSpawn } from '../spawn/plan-spawn.ts';
import type { SpawnFault, SpawnOptions } from '../spawn/spawn-outcome.ts';
import type { SpawnPlan, SpawnTerms } from '../spawn/spawn-plan.ts';
import { fakeWorld, localTargets, meshId } from './fixtures.ts';

export const workersId = instanceId('proc', 'workers', 0xabcdefn);

/** `sleep 60`. */
export const aCommand: ProcCommand = {
  program: 'sleep',
  args: ['60'],
  arg0: null,
  env: {},
  cwd: null,
  runAs: null,
};
export const noRestart: RestartPolicy = {
  policy: 'never',
  limit: 5,
  backoffMs: 1_000,
  maxBackoffMs: 30_000,
  resetAfterMs: 60_000,
};

export const someTerms = (more: Partial<SpawnTerms> = {}): SpawnTerms => ({
  id: workersId,
  name: 'workers',
  perHost: extentOf({ gpus: 2 }),
  command: aCommand,
  readiness: { kind: 'alive', forMs: 250 },
  readyTimeoutMs: 30_000,
  restart: noRestart,
  keep: false,
  ttlMs: 60_000,
  timeoutMs: 30_000,
  ...more,
});

/** The plan of terms that must be right. */
export function planOf(mesh: HostMesh, more: Partial<SpawnTerms> = {}): SpawnPlan {
  const plan = planSpawn(mesh.ref, someTerms(more));
  if (!plan.ok) throw new Error(plan.fault.message);
  return plan.value;
}

/** A mesh of `count` fake hosts, and what it takes to spawn on them. */
export async function procWorld(count: number, attrs: ConfigAttrs = {}) {
  const world = fakeWorld();
  const addresses = localTargets(count).map(({ address }) => address);
  const agents = addresses.map((_, rank) => world.transport.agent(`local:${rank + 1}`));
  const options = { ...world.options(), snapshot: snapshotOfAttrs(attrs) };
  const attached = await HostMesh.attach(meshId('train'), addresses, options);
  if (!attached.ok) throw new Error(attached.fault.message);
  const mesh = attached.value;
  const told: ProcChange[] = [];
  const agent = (rank: number) => {
    const found = agents[rank];
    if (found === undefined) throw new Error(`no agent ${rank}`);
    return found;
  };
  return {
    ...world,
    mesh,
    agents,
    agent,
    /** Every transition, in the order told. */
    told,
    toldOf: (rank: number) => told.filter((each) => each.rank === rank),
    connectionOf: (rank: number) => {
      const connection = world.transport.connections.get(`local:${rank + 1}`);
      if (connection === undefined) throw new Error(`no connection to ${rank}`);
      return connection;
    },
    spawn: (more: Partial<SpawnTerms> = {}, spawnOptions: SpawnOptions = {}) =>
      mesh.spawn(planOf(mesh, more), {
        onTransitions: (transitions) => told.push(...transitions),
        ...spawnOptions,
      }),
    /** The proc mesh of a spawn that must succeed, while time stands still. */
    async spawned(more: Partial<SpawnTerms> = {}): Promise<ProcMesh> {
      const spawning = this.spawn(more);
      await world.clock.settle();
      return procMeshOf(await spawning);
    },
  };
}

export function procMeshOf(result: Result<ProcMesh, SpawnFault>): ProcMesh {
  if (!result.ok) throw new Error(result.fault.message);
  return result.value;
}

export function spawnFaultOf(result: Result<ProcMesh, SpawnFault>): SpawnFault {
  if (result.ok) throw new Error('the spawn succeeded');
  return result.fault;
}
