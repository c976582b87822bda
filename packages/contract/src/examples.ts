import type { Attempt, HostResult } from './attempt/attempt.ts';
import type { Change } from './change.ts';
import type { Mesh, MeshHost } from './mesh.ts';
import type { PreflightReply } from './preflight.ts';
import type { ProcCounts, ProcMeshView } from './proc/proc-mesh.ts';
import type { Proc } from './proc/proc.ts';

// What the API tells, as examples of its document, and with what a test is about in its place. All of them fit together: four hosts, a proc on each.

const at = '2026-01-01T00:00:00Z';
const digest = `sha256:${'0'.repeat(64)}`;
const addressOf = (rank: number) => `tcp:10.0.0.${rank}:26600`;

/** A running attempt of four hosts. */
export const anAttempt = (given: Partial<Attempt> = {}): Attempt => ({
  id: 'att_1',
  kind: 'attach',
  mesh: 'train',
  meshId: null,
  state: 'running',
  counts: {
    total: 4,
    installed: 0,
    failed: 0,
    pending: 4,
    restoring: 0,
    restored: 0,
    residue: 0,
    withoutEffect: 0,
    keysWithoutEffect: 0,
  },
  configDigest: digest,
  timeout: '10s',
  waitForHosts: '0s',
  parentId: null,
  retryIds: [],
  leftOut: null,
  ended: null,
  tookOver: null,
  requestedBy: 'admin',
  startedAt: at,
  decidedAt: null,
  finishedAt: null,
  durationMs: null,
  summary: '0 of 4 hosts have installed the config.',
  failures: [],
  failureGroups: [],
  ...given,
});

/** One host of an attempt, still queued. */
export const aResult = (given: Partial<HostResult> = {}): HostResult => ({
  rank: 0,
  address: addressOf(given.rank ?? 0),
  hostId: null,
  state: 'queued',
  failure: null,
  restore: null,
  connectMs: null,
  ackMs: null,
  shadowedKeys: [],
  unknownKeys: [],
  tookOverFrom: null,
  agentVersion: null,
  ...given,
});

/** An attached mesh of four healthy hosts. */
export const aMesh = (given: Partial<Mesh> = {}): Mesh => ({
  id: 'mesh_1',
  name: 'train',
  state: 'attached',
  ref: 'train',
  extent: { hosts: 4 },
  configDigest: digest,
  hosts: {
    total: 4,
    connecting: 0,
    healthy: 4,
    configLost: 0,
    unreachable: 0,
    replaced: 0,
    released: 0,
    withoutEffect: 0,
    keysWithoutEffect: 0,
  },
  attempt: { id: 'att_1', state: 'attached', startedAt: at },
  attachedAt: at,
  endedAt: null,
  summary: 'All 4 hosts are healthy.',
  ...given,
});

/** A healthy host of a mesh. */
export const aMeshHost = (given: Partial<MeshHost> = {}): MeshHost => ({
  rank: 0,
  point: `hosts=${given.rank ?? 0}/4`,
  address: addressOf(given.rank ?? 0),
  hostId: `host_${given.rank ?? 0}`,
  foundHostId: null,
  clockOffsetMs: null,
  incarnation: 'inc_1',
  health: 'healthy',
  reason: null,
  since: at,
  lastHeardAt: at,
  lifecycle: null,
  configDigest: digest,
  withoutEffect: [],
  agentVersion: null,
  hostname: null,
  platform: null,
  cpus: null,
  memoryBytes: null,
  containment: null,
  runsAs: null,
  takenOver: null,
  ...given,
});

/** A proc mesh of four running procs. */
export const aProcMesh = (given: Partial<ProcMeshView> = {}): ProcMeshView => ({
  id: 'pm_1',
  name: 'workers',
  meshId: 'mesh_1',
  mesh: 'train',
  state: 'running',
  extent: { hosts: 4 },
  perHost: {},
  command: { program: 'sleep', args: ['60'], arg0: null, cwd: null, runAs: null, envNames: [] },
  readiness: { kind: 'alive' },
  restart: { policy: 'never' },
  keep: false,
  timeout: '1m',
  counts: someCounts({ Running: 4 }),
  ends: { succeeded: 0, failed: 0, stopped: 0, lost: 0 },
  stop: null,
  needsAttention: false,
  seen: null,
  failureGroups: [],
  failures: [],
  residue: 0,
  repairs: 0,
  controller: 'workers_controller',
  requestedBy: 'admin',
  createdAt: at,
  readyAt: at,
  endedAt: null,
  summary: 'All 4 procs run.',
  ...given,
});

/** How many procs have which status; they add up. */
export function someCounts({
  restarting = 0,
  lingering = 0,
  ...given
}: Partial<Omit<ProcCounts, 'total'>>): ProcCounts {
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
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return { total, ...counts, restarting, lingering };
}

/** A running proc, on the host of the same rank. */
export function aProc(given: Partial<Proc> = {}): Proc {
  const rank = given.rank ?? 0;
  return {
    id: `proc-${rank}`,
    procMeshId: 'pm_1',
    name: 'workers',
    meshId: 'mesh_1',
    rank,
    point: `hosts=${rank}/4`,
    hostRank: rank,
    hostId: `host_${rank}`,
    hostAddress: addressOf(rank),
    address: `proc-${rank}@${addressOf(rank)}`,
    pid: 100 + rank,
    status: 'Running',
    statusText: 'running',
    exitCode: null,
    signal: null,
    endedBy: null,
    end: null,
    generation: 1,
    since: at,
    lastHeardAt: at,
    startedAt: at,
    restarts: 0,
    nextRestartAt: null,
    startFault: null,
    leftover: 0,
    formerEnd: null,
    stderrTail: [],
    configDigest: null,
    adopted: false,
    ...given,
  };
}

/** A proc that has exited by itself. */
export const anExit = (rank: number, exitCode: number): Proc =>
  aProc({
    rank,
    status: exitCode === 0 ? 'Stopped' : 'Failed',
    statusText: `exited with code ${exitCode}`,
    exitCode,
    end: exitCode === 0 ? 'succeeded' : 'failed',
    pid: null,
  });

/** A preflight of two hosts, of which the second would fail. */
export const aPreflight = (given: Partial<PreflightReply> = {}): PreflightReply => ({
  digest,
  timeout: '10s',
  counts: { total: 2, reachable: 1, failed: 1, warned: 0, changed: 0 },
  verdict: { kind: 'would_fail', summary: 'An attach would fail on 1 of 2 hosts.', sentences: [] },
  replaces: null,
  inUse: null,
  hosts: [aLook(0, false), aLook(1, true)],
  ...given,
});

const aLook = (rank: number, wouldFail: boolean): PreflightReply['hosts'][number] => ({
  rank,
  address: addressOf(rank),
  reachable: !wouldFail,
  failure: wouldFail ? { kind: 'SendFailed', message: 'connection refused', code: 'ECONNREFUSED' } : null,
  wouldFail,
  hostId: null,
  hostname: null,
  agentVersion: null,
  lifecycle: null,
  currentDigest: null,
  owner: null,
  connectMs: null,
  changes: [],
  shadowedKeys: [],
  warnings: [],
});

/** A host that fell silent, as it is noted. */
export const aChange = (given: Partial<Change> = {}): Change => ({
  id: '42',
  of: {
    kind: 'host',
    meshId: 'mesh_1',
    mesh: 'train',
    rank: 3,
    hostId: 'host_3',
    address: 'tcp:10.0.0.4:26600',
  },
  from: 'healthy',
  to: 'unreachable',
  why: 'no answer for 5s',
  by: 'console',
  act: 'observe',
  at: '2026-01-01T12:00:00.000Z',
  recordedAt: '2026-01-01T12:00:00.100Z',
  durationMs: 120_000,
  ...given,
});
