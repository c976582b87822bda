import type { HostConfigEntry, HostResult } from '@hostmesh/contract';
import { configKeys } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import { startAgent } from '../testing/api-agent.ts';
import { perFile } from '../testing/per-file.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

const propagating = configKeys.filter((key) => key.propagates).map(({ key }) => key);

/** What every host of an attempt says of its config, by key, next to what the attach told of it. */
async function dumpsOf({ send }: TestApi, attemptId: string) {
  const hosts: HostResult[] = (await send('GET', `/attach-attempts/${attemptId}/hosts`)).body.items;
  return Promise.all(
    hosts.map(async ({ hostId, shadowedKeys }) => {
      const { body } = await send('GET', `/hosts/${hostId}/config`);
      const entries = new Map<string | null, HostConfigEntry>();
      for (const entry of body.entries) entries.set(entry.key, entry);
      return { entries, shadowedKeys, digest: body.digest };
    }),
  );
}

const shared = perFile(async () => {
  const [api, ...hosts] = await Promise.all([
    startTestApi({ env: { MESH_TERMINATE_TIMEOUT: '11s' } }),
    startAgent(),
    startAgent({ HYPERACTOR_PROCESS_EXIT_TIMEOUT: '42s' }),
    startAgent(),
  ]);
  return { api, hosts };
});

describe('attach to real agents', () => {
  test('every agent has installed the snapshot: each key shows it, or the layer that wins over it is named', async () => {
    const { api, hosts } = shared();
    const config = { PROC_STOP_MAX_IDLE: '7s', PROCESS_EXIT_TIMEOUT: '8s' };
    const attached = await api.send('POST', '/attach-attempts', { mesh: 'train', hosts, config });
    expect(attached.status).toBe(201);
    const json = await api.db.snapshotJson(attached.body.configDigest);
    const pushed: Record<string, string> = JSON.parse(json ?? '{}');
    expect(Object.keys(pushed).sort()).toEqual([...propagating].sort());
    expect(pushed).toMatchObject({ ...config, MESH_TERMINATE_TIMEOUT: '11s' });

    const dumps = await dumpsOf(api, attached.body.id);
    expect(dumps).toHaveLength(3);
    for (const { entries, shadowedKeys, digest } of dumps) {
      expect(digest).toBe(attached.body.configDigest);
      for (const key of propagating) {
        const shadow = shadowedKeys.find((each) => each.key === key);
        const expected = shadow ? { source: shadow.layer } : { source: 'ClientOverride', value: pushed[key] };
        expect(entries.get(key)).toMatchObject(expected);
      }
    }
    expect(dumps.map(({ shadowedKeys }) => shadowedKeys)).toEqual([
      [],
      [{ key: 'PROCESS_EXIT_TIMEOUT', layer: 'Env' }],
      [],
    ]);
    expect(dumps[1]?.entries.get('PROCESS_EXIT_TIMEOUT')?.value).toBe('42s');
    // Whoever reads how it went is told, and where to look.
    expect(attached.body).toMatchObject({
      counts: { installed: 3, withoutEffect: 1, keysWithoutEffect: 1 },
      summary: 'All 3 hosts installed the config, 1 with 1 key without effect.',
    });
    expect((await api.send('GET', `/attach-attempts/${attached.body.id}`)).body).toEqual(attached.body);
    for (const [withoutEffect, ranks] of [
      ['true', [1]],
      ['false', [0, 2]],
    ] as const) {
      const path = `/attach-attempts/${attached.body.id}/hosts?withoutEffect=${withoutEffect}`;
      const { items } = (await api.send('GET', path)).body;
      expect(items.map(({ rank }: HostResult) => rank)).toEqual(ranks);
    }
    // Whoever asks for the health of the hosts is told.
    const mesh = await api.send('GET', `/meshes/${attached.body.meshId}`);
    expect(mesh.body).toMatchObject({
      hosts: { withoutEffect: 1, keysWithoutEffect: 1 },
      summary: expect.stringContaining('1 with 1 key without effect'),
    });
    const shown = await api.send('GET', `/meshes/${attached.body.meshId}/hosts?withoutEffect=true`);
    expect(shown.body.items).toMatchObject([
      { rank: 1, withoutEffect: [{ key: 'PROCESS_EXIT_TIMEOUT', layer: 'Env' }] },
    ]);
  });

  test('an attach that fails on one host gives the others back what they had', async () => {
    const { api } = shared();
    const hosts = [shared().hosts[0], shared().hosts[2]];
    const first = { mesh: 'train', hosts, config: { PROC_STOP_MAX_IDLE: '7s' }, replace: true };
    const { id, configDigest } = (await api.send('POST', '/attach-attempts', first)).body;
    const second = {
      mesh: 'train',
      hosts: [...hosts, 'tcp:127.0.0.1:1'],
      config: { PROC_STOP_MAX_IDLE: '9s' },
      replace: true,
    };
    const failed = await api.send('POST', '/attach-attempts', second);
    expect(failed).toMatchObject({
      status: 424,
      body: { failures: [{ rank: 2, address: 'tcp:127.0.0.1:1', failure: { code: 'ECONNREFUSED' } }] },
    });
    const dumps = await dumpsOf(api, id);
    expect(dumps.map(({ digest }) => digest)).toEqual([configDigest, configDigest]);
    expect(dumps.map(({ entries }) => entries.get('PROC_STOP_MAX_IDLE')?.value)).toEqual(['7s', '7s']);
  });
});
