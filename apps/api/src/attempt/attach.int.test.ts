import { describe, expect, test } from 'vitest';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi } from '../testing/test-api.ts';

describe('POST /attach-attempts', () => {
  test('an attach of live hosts is 201, recorded with every acknowledgement, and makes a mesh', async () => {
    const sim = await hostsOf({ count: 3 });
    const { send } = await startTestApi();
    const attached = await send('POST', '/attach-attempts', { mesh: 'train', hosts: listOf(sim.addresses) });
    expect(attached.body).toMatchObject({
      state: 'attached',
      counts: { total: 3, installed: 3, failed: 0, pending: 0 },
      failures: [],
      requestedBy: 'tester',
      timeout: '1m',
    });
    expect(attached.status).toBe(201);
    expect(attached.headers.location).toBe(`/api/v1/attach-attempts/${attached.body.id}`);
    expect(sim.hosts.map((host) => host.installedDigest)).toEqual(Array(3).fill(attached.body.configDigest));
    const mesh = await send('GET', `/meshes/${attached.body.meshId}`);
    expect(mesh.body).toMatchObject({
      name: 'train',
      state: 'attached',
      extent: { hosts: 3 },
      hosts: { total: 3, healthy: 3 },
    });
    const hosts = await send('GET', `/attach-attempts/${attached.body.id}/hosts`);
    expect(hosts.body.items.map((host: { state: string }) => host.state)).toEqual([
      'installed',
      'installed',
      'installed',
    ]);
  });

  test('a failed attach is 424, names exactly the hosts that failed, and leaves nothing behind', async () => {
    const sim = await hostsOf({
      count: 4,
      faults: { 1: { kind: 'refuse' }, 3: { kind: 'drop_after_install' } },
    });
    const { send } = await startTestApi();
    const failed = await send('POST', '/attach-attempts', {
      mesh: 'train',
      hosts: listOf(sim.addresses),
      timeout: '5s',
    });
    expect(failed.status).toBe(424);
    expect(failed.body).toMatchObject({ code: 'config_push_failed', failures: [{ rank: 1 }, { rank: 3 }] });
    expect(sim.hosts.map((host) => host.installedDigest)).toEqual([null, null, null, null]);
    const attempt = await send('GET', `/attach-attempts/${failed.body.attemptId}`);
    expect(attempt.body).toMatchObject({
      state: 'failed',
      meshId: null,
      counts: { total: 4, installed: 2, failed: 2, pending: 0, restoring: 0, restored: 3, residue: 0 },
    });
    expect((await send('GET', '/meshes')).body.items).toEqual([]);
  });
});
