/** The variables that tell a proc who it is (reference 9.4), by what they tell. */
export const ownVariables = {
  rank: 'HOSTMESH_RANK',
  hostRank: 'HOSTMESH_HOST_RANK',
  numRanks: 'HOSTMESH_NUM_RANKS',
  /** Printed: `hosts=1/3,gpus=0/4`. */
  point: 'HOSTMESH_POINT',
  procId: 'HOSTMESH_PROC_ID',
  hostId: 'HOSTMESH_HOST_ID',
  /** Digest of the pushed config that it was started with. */
  configDigest: 'HOSTMESH_CONFIG_DIGEST',
  /** The descriptor on which it says that it is ready; only of procs that are to say so. */
  readyFd: 'HOSTMESH_READY_FD',
} as const;

/** Who a proc is, as far as it is known: its controller knows the first four facts, its host the others. */
export type OwnFacts = { readonly [fact in keyof typeof ownVariables]?: string | number };

const ownNames: ReadonlySet<string> = new Set(Object.values(ownVariables));

/** Whether Hostmesh sets this variable for each proc: a command cannot, since its value would be replaced. */
export const isOwnVariable = (name: string): boolean => ownNames.has(name);

/** What is added to the environment of a proc so that it knows who it is. */
export function ownEnvironment(facts: OwnFacts): Record<string, string> {
  const values: Readonly<Record<string, string | number>> = facts;
  const told = Object.entries(ownVariables).flatMap(([fact, name]) => {
    const value = values[fact];
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return Object.fromEntries(told);
}
