import { endsText, inUseText, type Ends, type HostsInUse, type Problem } from '@hostmesh/contract';
import { countOf } from '@hostmesh/core';

/** What an attempt may cost others, as its request says. */
export interface Permissions {
  readonly replace?: true;
  readonly takeOver?: true;
}

/** What an attempt would cost others, and the permission without which it was refused. */
export interface Cost {
  readonly permission: Permissions;
  readonly sentence: string;
  /** The first of what ends or is taken, by name. */
  readonly lines: readonly string[];
  /** How many more there are. */
  readonly more: number;
  /** What the button says that goes on. */
  readonly verb: string;
}

/** The cost that a refusal names; undefined when it was refused for another reason. */
export function costOf(problem: Pick<Problem, 'ends' | 'inUse'> | null | undefined): Cost | undefined {
  if (problem?.ends !== undefined) return replacing(problem.ends);
  if (problem?.inUse !== undefined) return takingOver(problem.inUse);
  return undefined;
}

function replacing(ends: Ends): Cost {
  const procs = ends.procMeshes.map(({ name, running }) => `${name}: ${countOfProcs(running)}`);
  return {
    permission: { replace: true },
    sentence: `Mesh ${ends.mesh} is attached with other hosts, another order or another shape. In its place, ${endsText(ends)}.`,
    lines: [...procs, ...ends.hostsLetGo.map((address) => `${address}: let go`)],
    more: ends.procMeshesTotal - procs.length + ends.hostsLetGoTotal - ends.hostsLetGo.length,
    verb: `Replace ${ends.mesh}`,
  };
}

function takingOver(inUse: HostsInUse): Cost {
  const lines = inUse.meshes.flatMap(({ name, hosts }) =>
    hosts.map((address) => `${address}: of mesh ${name}`),
  );
  return {
    permission: { takeOver: true },
    sentence: `Some of the hosts are in use: ${inUseText(inUse)}. What runs there goes on, under the config of the mesh that takes them over.`,
    lines,
    more: inUse.hostsTotal - lines.length,
    verb: `Take over ${countOf(inUse.hostsTotal, 'host')}`,
  };
}

const countOfProcs = (count: number) => countOf(count, 'proc ends', 'procs end');
