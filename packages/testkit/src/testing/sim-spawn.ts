import type { ProcSpec, SpawnProcs } from '@hostmesh/protocol';

/** A proc that runs `sim` with these arguments, is ready at once and never restarted. */
export const aProcSpec = (
  rank: number,
  args: readonly string[] = [],
  terms: Partial<ProcSpec> = {},
): ProcSpec => ({
  procId: `w-${rank}`,
  rank,
  command: { program: 'sim', args: [...args], arg0: null, env: {}, cwd: null, runAs: null },
  bind: null,
  readiness: { kind: 'alive', forMs: 0 },
  readyTimeoutMs: 30_000,
  restart: { policy: 'never', limit: 5, backoffMs: 10, maxBackoffMs: 1000, resetAfterMs: 60_000 },
  ...terms,
});

/** A spawn of one proc for each list of arguments, by rank. */
export const aSpawn = (
  args: readonly (readonly string[])[],
  terms: Partial<SpawnProcs> = {},
): SpawnProcs => ({
  type: 'spawn_procs',
  id: 'spawn',
  procMeshId: 'w',
  hostMeshId: 'hosts',
  owner: { clientId: 'c', label: 'a test' },
  procs: args.map((each, rank) => aProcSpec(rank, each)),
  configDigest: null,
  keep: false,
  ttlMs: null,
  ...terms,
});
