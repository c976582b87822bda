import { SpawnRequest } from '@hostmesh/contract';
import { configKeys, emptyLayers, instanceId } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { HostMeshRef } from '@hostmesh/host-mesh';
import { describe, expect, test } from 'vitest';
import { planAttach, planPush } from '../attempt/plan-attach.ts';
import { planRetry } from '../attempt/plan-retry.ts';
import type { FieldError, RouteFault } from '../problem/route-fault.ts';
import { planRequest } from '../proc-mesh/spawn/plan-request.ts';
import { readStopTerms } from '../proc-mesh/stop/stop-terms.ts';
import { loadSettings } from '../settings/settings.ts';

type Read = { ok: true; value: unknown } | { ok: false; fault: RouteFault };

const base = makeSnapshot(emptyLayers).attrs;
const hosts = 'tcp:10.0.0.1:26600';
const parsedRef = HostMeshRef.parse(`train:${hosts}@hosts=1/1`);
if (!parsedRef.ok) throw new Error(parsedRef.fault.message);
const spawnOn = { id: instanceId('proc', 'w', 7n), ref: parsedRef.value, attrs: base, maxProcs: 10 };
const parent = {
  id: 'att_1',
  kind: 'attach',
  mesh: 'train',
  meshId: null,
  state: 'failed',
  extent: { labels: ['hosts'], sizes: [1] },
  timeoutMs: 10_000,
  waitForHostsMs: 0,
  // Only what a retry reads.
} as Partial<Parameters<typeof planRetry>[0]> as Parameters<typeof planRetry>[0];
const targets = [{ rank: 0, address: hosts, hostId: null, state: 'failed' }] as const;

const attach = (request: object): Read =>
  planAttach({ mesh: 'train', hosts, ...request }, { base, maxHosts: 9 });
const retry = (request: object): Read => planRetry(parent, [...targets], base, { only: 'all', ...request });
const spawn = (request: object): Read => {
  const command = { program: 'sleep' };
  return planRequest(SpawnRequest.parse({ name: 'w', perHost: { gpus: 1 }, command, ...request }), spawnOn);
};
const restart = (request: object): Read => spawn({ restart: { policy: 'always', ...request } });

/** Every duration of a request, by the name of its field, and whether it may be nothing. */
const surfaces: readonly [string, 'may be 0' | 'positive', (text: string) => Read][] = [
  ['timeout', 'positive', (timeout) => attach({ timeout })],
  ['waitForHosts', 'may be 0', (waitForHosts) => attach({ waitForHosts })],
  [
    'config.MESH_ATTACH_CONFIG_TIMEOUT',
    'positive',
    (text) => attach({ config: { MESH_ATTACH_CONFIG_TIMEOUT: text } }),
  ],
  ['config.PROC_STOP_MAX_IDLE', 'may be 0', (text) => attach({ config: { PROC_STOP_MAX_IDLE: text } })],
  ['timeout', 'positive', (timeout) => planPush({ timeout }, base)],
  ['timeout', 'positive', (timeout) => retry({ timeout })],
  ['waitForHosts', 'may be 0', (waitForHosts) => retry({ waitForHosts })],
  ['timeout', 'positive', (timeout) => spawn({ timeout })],
  ['readiness.timeout', 'may be 0', (timeout) => spawn({ readiness: { kind: 'descriptor', timeout } })],
  ['readiness.for', 'may be 0', (text) => spawn({ readiness: { kind: 'alive', for: text } })],
  [
    'perRank.0.readiness.timeout',
    'may be 0',
    (timeout) => spawn({ perRank: { 0: { readiness: { kind: 'descriptor', timeout } } } }),
  ],
  ['restart.backoff', 'may be 0', (backoff) => restart({ backoff, maxBackoff: '365d' })],
  ['restart.maxBackoff', 'may be 0', (maxBackoff) => restart({ backoff: '0s', maxBackoff })],
  ['step', 'may be 0', (step) => readStopTerms({ step })],
  ['timeout', 'positive', (timeout) => readStopTerms({ timeout })],
];

describe.each(surfaces)('a duration that comes as %s, and %s,', (field, least, read) => {
  test.each(['25d', '50d', '365d', '1ms'])('may be %s', (text) => {
    expect(read(text).ok).toBe(true);
  });

  const wrong = ['', '30', '-1s', 'NaN', '1e9s', 'Infinity', '366d', '9'.repeat(40) + 's', '1.5s'];
  test.each(least === 'positive' ? [...wrong, '0s'] : wrong)('is refused by its name as %j', (text) => {
    const result = read(text);
    const errors: readonly FieldError[] = result.ok ? [] : (result.fault.errors ?? []);
    expect(errors.map((error) => error.field)).toEqual([field]);
  });
});

test('a duration of the environment is read in the same way', () => {
  const graceOf = (text: string) => {
    const loaded = loadSettings({ HOSTMESH_SHUTDOWN_GRACE: text });
    return loaded.ok ? loaded.value.shutdownGraceMs : loaded.fault.problems;
  };
  expect(graceOf('50d')).toBe(50 * 86_400_000);
  for (const text of ['366d', '-1s', '30', '1e9s'])
    expect(graceOf(text)).toEqual([expect.stringMatching(/^HOSTMESH_SHUTDOWN_GRACE invalid duration/)]);
});

test('every config key that is a duration keeps to the range of durations', () => {
  const durations = configKeys.filter(({ codec }) => codec.type.endsWith('duration'));
  expect(durations.length).toBeGreaterThan(20);
  for (const { codec } of durations) {
    expect(codec.parse('50d').ok).toBe(true);
    for (const text of ['366d', '-1s', '1e9s', 'NaN']) expect(codec.parse(text).ok).toBe(false);
  }
});
