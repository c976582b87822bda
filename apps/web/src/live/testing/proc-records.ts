import type { Proc, ProcMeshView } from '@hostmesh/contract';

const at = '2026-01-01T00:00:00Z';

/** A running proc, with what the test is about in its place. */
export function aProc(given: Partial<Proc> = {}): Proc {
  const rank = given.rank ?? 0;
  return {
    id: `proc-${rank}`,
    procMeshId: 'pm_1',
    name: 'workers',
    meshId: 'mesh_1',
    rank,
    point: `hosts=0/1,gpus=${rank}/8`,
    hostRank: 0,
    hostId: 'host_1',
    hostAddress: 'tcp:127.0.0.1:26600',
    address: `proc-${rank}@tcp:127.0.0.1:26600`,
    pid: 100 + rank,
    status: 'Running',
    statusText: 'running',
    exitCode: null,
    signal: null,
    endedBy: null,
    generation: 1,
    since: at,
    lastHeardAt: at,
    startedAt: at,
    restarts: 0,
    nextRestartAt: null,
    stderrTail: [],
    adopted: false,
    ...given,
  };
}

/** A proc mesh of four running procs. */
export const aProcMesh = (given: Partial<ProcMeshView> = {}): ProcMeshView => ({
  id: 'pm_1',
  name: 'workers',
  meshId: 'mesh_1',
  mesh: 'train',
  state: 'running',
  extent: { hosts: 1, gpus: 4 },
  perHost: { gpus: 4 },
  command: { program: 'sleep', args: ['60'], arg0: null, cwd: null, envNames: [] },
  readiness: { kind: 'alive' },
  restart: { policy: 'never' },
  keep: false,
  timeout: '1m',
  counts: someCounts({ Running: 4 }),
  failureGroups: [],
  failures: [],
  residue: 0,
  repairs: 0,
  controller: 'workers_controller',
  requestedBy: 'admin',
  createdAt: at,
  readyAt: at,
  endedAt: null,
  summary: '',
  ...given,
});

/** Counts that add up. */
export function someCounts(given: Partial<Omit<ProcMeshView['counts'], 'total'>>): ProcMeshView['counts'] {
  const counts = {
    NotExist: 0,
    Initializing: 0,
    Running: 0,
    Stopping: 0,
    Stopped: 0,
    Failed: 0,
    Timeout: 0,
    Unknown: 0,
    ...given,
  };
  return { total: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts };
}
