import { emptyLayers, withLayer } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { describe, expect, test } from 'vitest';
import { planAttach } from './plan-attach.ts';

const base = makeSnapshot(emptyLayers).attrs;
const limits = { base, maxHosts: 100 };
const good = { mesh: 'train', hosts: 'tcp:10.0.0.[1-4]:26600' };

const errorsOf = (request: Partial<Parameters<typeof planAttach>[0]>) => {
  const plan = planAttach({ ...good, ...request }, limits);
  if (plan.ok) throw new Error('expected a refusal');
  return plan.fault;
};

describe('planAttach', () => {
  test('fills in what the request leaves open', () => {
    const plan = planAttach(good, limits);
    expect(plan.ok && plan.value).toMatchObject({
      mesh: 'train',
      hosts: [{ text: 'tcp:10.0.0.1:26600' }, {}, {}, { text: 'tcp:10.0.0.4:26600' }],
      extent: { labels: ['hosts'], sizes: [4] },
      timeoutMs: 60_000,
      waitForHostsMs: 0,
      snapshot: { digest: makeSnapshot(emptyLayers).digest },
    });
  });

  test('values of the request win over those of the process, whatever layer these are in', () => {
    const env = makeSnapshot(withLayer(emptyLayers, 'Env', { PROC_STOP_MAX_IDLE: '5s' })).attrs;
    const config = { PROC_STOP_MAX_IDLE: '7s', 'hyperactor_mesh::config::mesh_attach_config_timeout': '3s' };
    const plan = planAttach({ ...good, config }, { ...limits, base: env });
    expect(plan.ok && plan.value.snapshot.attrs).toMatchObject({ PROC_STOP_MAX_IDLE: '7s' });
    expect(plan.ok && plan.value.timeoutMs).toBe(3000);
  });

  test.each([
    [{ mesh: 'Train' }, 'mesh'],
    [{ mesh: '' }, 'mesh'],
    [{ extent: { hosts: 3 } }, 'extent'],
    [{ extent: { '': 4 } }, 'extent'],
    [{ timeout: 'soon' }, 'timeout'],
    [{ timeout: '0s' }, 'timeout'],
    [{ timeout: '366d' }, 'timeout'],
    [{ waitForHosts: '-1s' }, 'waitForHosts'],
    [{ config: { NO_SUCH_KEY: '1' } }, 'config.NO_SUCH_KEY'],
    [{ config: { PROC_STOP_MAX_IDLE: true } }, 'config.PROC_STOP_MAX_IDLE'],
    [{ config: { MESH_TERMINATE_CONCURRENCY: 'many' } }, 'config.MESH_TERMINATE_CONCURRENCY'],
    [{ config: { TLS_KEY: '/etc/key' } }, 'config.TLS_KEY'],
  ])('%j is refused by the name of its field', (request, field) => {
    const { code, errors } = errorsOf(request);
    expect(code).toBe('invalid_request');
    expect(errors?.map((error) => error.field)).toEqual([field]);
  });

  test.each([
    ['', [['hosts', 1]]],
    [[], [['hosts[0]', 1]]],
    ['tcp:a:1\ntcp:b:2\ntcp:a:1', [['hosts', 3]]],
    [['tcp:a:1', 'tcp:b:2', 'tcp:a:1'], [['hosts[2]', 3]]],
    ['tcp:a:1, nonsense', [['hosts', 1]]],
    ['tcp:host[0001-9999]:26600', [['hosts', 1]]],
    [
      ['nonsense', 'tcp:a:99999'],
      [
        ['hosts[0]', 1],
        ['hosts[1]', 2],
      ],
    ],
  ])('the host list %j is refused where it is wrong', (hosts, where) => {
    const { code, errors } = errorsOf({ hosts });
    expect(code).toBe('invalid_hosts');
    expect(errors?.map(({ field, line }) => [field, line])).toEqual(where);
  });

  test('everything that is wrong is told at once', () => {
    const { errors } = errorsOf({ mesh: '1', hosts: 'nonsense', timeout: 'x', config: { A: '1' } });
    expect(errors?.map((error) => error.field)).toEqual(['hosts', 'mesh', 'config.A', 'timeout']);
  });

  test('a list that is wrong in thousands of lines is answered with a hundred', () => {
    const { errors, message } = errorsOf({ hosts: Array.from({ length: 5000 }, (_, n) => `bad${n}`) });
    expect(errors).toHaveLength(100);
    expect(message).toContain('more errors');
  });
});
