import type { Attempt, HostResult, Mesh, MeshHost } from '@hostmesh/contract';

const at = '2026-01-01T00:00:00Z';
const digest = `sha256:${'0'.repeat(64)}`;

/** A running attempt of four hosts, with what the test is about in its place. */
export const anAttempt = (given: Partial<Attempt> = {}): Attempt => ({
  id: 'att_1',
  kind: 'attach',
  mesh: 'train',
  meshId: null,
  state: 'running',
  counts: { total: 4, installed: 0, failed: 0, pending: 4, restored: 0, residue: 0 },
  configDigest: digest,
  timeout: '10s',
  waitForHosts: '0s',
  parentId: null,
  retryIds: [],
  requestedBy: 'admin',
  startedAt: at,
  finishedAt: null,
  durationMs: null,
  summary: '',
  failures: [],
  failureGroups: [],
  ...given,
});

/** One host of an attempt, still queued. */
export const aResult = (given: Partial<HostResult> = {}): HostResult => ({
  rank: 0,
  address: 'tcp:127.0.0.1:26600',
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
  hosts: { total: 4, connecting: 0, healthy: 4, configLost: 0, unreachable: 0, released: 0 },
  attempt: { id: 'att_1', state: 'attached', startedAt: at },
  attachedAt: at,
  endedAt: null,
  summary: '',
  ...given,
});

/** A healthy host of a mesh. */
export const aMeshHost = (given: Partial<MeshHost> = {}): MeshHost => ({
  rank: 0,
  point: 'hosts=0/4',
  address: 'tcp:127.0.0.1:26600',
  hostId: 'host_1',
  incarnation: 'inc_1',
  health: 'healthy',
  reason: null,
  since: at,
  lastHeardAt: at,
  lifecycle: null,
  configDigest: digest,
  agentVersion: null,
  hostname: null,
  platform: null,
  cpus: null,
  memoryBytes: null,
  ...given,
});
