import type { MeshHostRecord } from '@hostmesh/db';
import type { HostObservation } from '@hostmesh/host-mesh';
import { describe, expect, test } from 'vitest';
import { countRows, observedRow } from './host-row.ts';

const row: MeshHostRecord = {
  rank: 0,
  address: 'tcp:a:1',
  hostId: 'host_a',
  foundHostId: null,
  clockOffsetMs: null,
  incarnation: 'i1',
  health: 'healthy',
  reason: null,
  since: new Date(1000),
  lastHeardAt: new Date(2000),
  lifecycle: 'attached',
  configDigest: 'sha256:1',
  withoutEffect: [{ key: 'A', layer: 'Env' }],
  agentVersion: '1.0.0',
  hostname: 'a',
  platform: 'linux',
  cpus: 2,
  memoryBytes: 1024,
  containment: 'a cgroup for each: /sys/fs/cgroup',
  runsAs: 'hostmesh',
  takenOver: null,
};
const observation: HostObservation = {
  rank: 0,
  address: 'tcp:a:1',
  hostId: 'host_a',
  foundHostId: null,
  clockOffset: null,
  health: 'unreachable',
  reason: 'connection refused (ECONNREFUSED)',
  since: 3000,
  lastHeardAt: null,
  hello: null,
  lifecycle: null,
  config: null,
};

describe('observedRow', () => {
  test('a host that has never been heard by us keeps what was known of it', () => {
    expect(observedRow(row, observation)).toEqual({
      ...row,
      health: 'unreachable',
      reason: 'connection refused (ECONNREFUSED)',
      since: new Date(3000),
    });
  });

  test('a host that we only begin to watch is not shown as worse than it was recorded', () => {
    expect(observedRow(row, { ...observation, health: 'connecting', reason: null })).toBe(row);
  });

  test('a host that stays as it was keeps the time since when', () => {
    const heard = {
      ...observation,
      health: 'healthy',
      reason: null,
      since: 5000,
      lastHeardAt: 6000,
    } as const;
    expect(observedRow(row, heard)).toEqual({ ...row, lastHeardAt: new Date(6000) });
  });
});

test('countRows counts each host once', () => {
  const rows = (['healthy', 'config_lost', 'config_lost', 'unreachable'] as const).map((health) => ({
    ...row,
    health,
  }));
  expect(countRows(rows)).toEqual({
    total: 4,
    healthy: 1,
    configLost: 2,
    unreachable: 1,
    replaced: 0,
    connecting: 0,
    released: 0,
    withoutEffect: 4,
    keysWithoutEffect: 1,
  });
});
