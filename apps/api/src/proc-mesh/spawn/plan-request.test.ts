import { SpawnRequest } from '@hostmesh/contract';
import { emptyLayers, instanceId } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { HostMeshRef } from '@hostmesh/host-mesh';
import { describe, expect, test } from 'vitest';
import { planRequest, refusedFields } from './plan-request.ts';

const parsedRef = HostMeshRef.parse(
  'train:tcp:10.0.0.1:26600,tcp:10.0.0.2:26600,tcp:10.0.0.3:26600@hosts=3/1',
);
if (!parsedRef.ok) throw new Error(parsedRef.fault.message);
const ref = parsedRef.value;
const id = instanceId('proc', 'workers', 7n);
const base = makeSnapshot(emptyLayers).attrs;

const good = { name: 'workers', perHost: { gpus: 4 }, command: { program: 'sleep', args: ['60'] } };
const check = (request: object, attrs: Record<string, string> = {}, maxProcs = 100_000) =>
  planRequest(SpawnRequest.parse({ ...good, ...request }), {
    id,
    ref,
    attrs: { ...base, ...attrs },
    maxProcs,
  });
const plan = (...given: Parameters<typeof check>) => {
  const checked = check(...given);
  if (!checked.ok) throw new Error(checked.fault.message);
  return checked.value;
};

describe('a spawn request', () => {
  test('becomes a plan with defaults of the config that the mesh was given', () => {
    const { plan: planned, request } = plan(
      {},
      { HOST_SPAWN_READY_TIMEOUT: '7s', MESH_ORPHAN_TIMEOUT: '2m' },
    );
    expect(planned.procs).toHaveLength(12);
    expect(planned).toMatchObject({ ttlMs: 120_000, timeoutMs: 37_000, keep: false });
    expect(planned.procs[5]?.spec).toMatchObject({
      rank: 5,
      command: {
        program: 'sleep',
        args: ['60'],
        env: { HOSTMESH_RANK: '5', HOSTMESH_POINT: 'hosts=1/3,gpus=1/4' },
      },
      readiness: { kind: 'alive', forMs: 250 },
      readyTimeoutMs: 7000,
      restart: { policy: 'never' },
    });
    expect(request).toMatchObject({
      readiness: { kind: 'alive', for: '250ms', timeout: '7s' },
      restart: { policy: 'never', limit: 5, backoff: '1s', maxBackoff: '30s' },
      timeout: '37s',
    });
  });

  test('procs of a mesh without an orphan timeout are never reaped', () => {
    expect(plan({}, { MESH_ORPHAN_TIMEOUT: '' }).plan.ttlMs).toBeNull();
  });

  test('what a rank has of its own replaces what all have, but its environment is added', () => {
    const { plan: planned } = plan({
      command: { program: 'a', args: ['x'], env: { A: '1', B: '1' } },
      perRank: { 3: { args: ['y'], env: { B: '2' }, readiness: { kind: 'tcp', port: 80, timeout: '5s' } } },
    });
    expect(planned.procs[3]?.spec).toMatchObject({
      command: { program: 'a', args: ['y'], env: { A: '1', B: '2', HOSTMESH_RANK: '3' } },
      readiness: { kind: 'tcp', port: 80 },
      readyTimeoutMs: 5000,
    });
    expect(planned.procs[4]?.spec).toMatchObject({
      command: { args: ['x'], env: { B: '1' } },
      readyTimeoutMs: 30_000,
    });
  });

  test('a port per slot is the same on every host', () => {
    const readiness = { kind: 'http', port: 8000, path: '/up', perSlot: true };
    const ports = plan({ readiness }).plan.procs.map(
      ({ spec }) => 'port' in spec.readiness && spec.readiness.port,
    );
    expect(ports).toEqual([8000, 8001, 8002, 8003, 8000, 8001, 8002, 8003, 8000, 8001, 8002, 8003]);
  });

  test.each([
    ['perHost.hosts', { perHost: { hosts: 2 } }],
    ['perHost', { perHost: { gpus: 0 } }],
    ['perHost', { perHost: { gpus: 100_000 } }],
    ['procBind', { procBind: [{ cpus: '0' }] }],
    ['perRank.12', { perRank: { 12: { args: [] } } }],
    ['perRank.03', { perRank: { '3': {}, '03': {} } }],
    [
      'perRank.2.readiness.timeout',
      { perRank: { 2: { readiness: { kind: 'descriptor', timeout: 'soon' } } } },
    ],
    ['readiness.for', { readiness: { kind: 'alive', for: 'x' } }],
    ['readiness.timeout', { readiness: { kind: 'alive', timeout: '366d' } }],
    ['readiness.port', { readiness: { kind: 'tcp', port: 65_534, perSlot: true } }],
    ['restart.backoff', { restart: { policy: 'always', backoff: '1' } }],
    ['restart.maxBackoff', { restart: { policy: 'always', backoff: '5s', maxBackoff: '1s' } }],
    ['timeout', { timeout: '0s' }],
  ])('is refused where %s is wrong', (field, request) => {
    const checked = check(request);
    expect(checked).toMatchObject({ ok: false, fault: { code: 'invalid_request' } });
    expect(!checked.ok && checked.fault.errors?.map((error) => error.field)).toContain(field);
  });

  test('that is wrong in several places names them all', () => {
    const checked = check({ timeout: 'x', readiness: { kind: 'alive', for: 'y' }, perRank: { 99: {} } });
    expect(!checked.ok && checked.fault.errors?.map(({ field }) => field)).toEqual([
      'perRank.99',
      'readiness.for',
      'timeout',
    ]);
  });
});

const refusal = (hostRank: number, ranks: readonly number[], message = "no program 'x' on this host") => ({
  hostRank,
  address: `tcp:h${hostRank}:1`,
  ranks,
  code: 'not_found',
  message,
});

test('hosts that say the same of a field are one error, which names the first and counts the others', () => {
  expect(refusedFields({}, [refusal(0, [0, 1]), refusal(1, [2]), refusal(2, [3])])).toEqual([
    { field: 'command.program', message: "no program 'x' on this host (tcp:h0:1 and 2 other hosts)" },
  ]);
});

test('a program that is a rank of its own is an error of that rank, a binding one of procBind', () => {
  const perRank = { 1: { program: 'x' } };
  expect(
    refusedFields({ perRank }, [
      refusal(0, [1]),
      { ...refusal(1, [2], 'this host has no numactl'), code: 'bind_unavailable' },
    ]),
  ).toEqual([
    { field: 'perRank.1.program', message: "no program 'x' on this host (tcp:h0:1)" },
    { field: 'procBind', message: 'this host has no numactl (tcp:h1:1)' },
  ]);
});

test.each([
  ['program_refused', 'command.program', 'perRank.1.program'],
  ['arg0_refused', 'command.arg0', 'perRank.1.arg0'],
  ['env_refused', 'command.env', 'perRank.1.env'],
  ['cwd_refused', 'command.cwd', 'perRank.1.cwd'],
  ['run_as_refused', 'command.runAs', 'perRank.1.runAs'],
  ['not_found', 'command.program', 'perRank.1.program'],
])('%s is an error of %s, or of %s where that rank has its own', (code, ofAll, ofRank) => {
  const perRank = { 1: { program: 'x', arg0: 'x', env: {}, cwd: '/', runAs: 'x' } };
  const refusals = [{ ...refusal(0, [0, 1]), code }];
  expect(refusedFields({ perRank }, refusals).map(({ field }) => field)).toEqual([ofAll, ofRank]);
});
