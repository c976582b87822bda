import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyLayers } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ClientConfigStore } from './client-config-store.ts';
import { noClientConfig, type ClientConfig } from './client-config.ts';
import { stepPush, stepRestore } from './step-client-config.ts';

let dir = '';
let store: ClientConfigStore;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'client-config-'));
  store = new ClientConfigStore(dir, 'host-1');
});
afterEach(() => rm(dir, { recursive: true }));

const owner = { clientId: 'alice', label: 'Alice', hostMeshId: 'train' };
const pushed = (state: ClientConfig, epoch: number, attrs: Record<string, string>): ClientConfig =>
  stepPush(
    state,
    { type: 'set_client_config', id: 'p', epoch, owner, attrs, digest: digestOf(attrs) },
    emptyLayers,
  )[0];
const file = () => join(dir, 'client-config.json');

test('whatever was installed is there again, with what restores need, and unknown keys', async () => {
  const operation = fc.record({
    epoch: fc.integer({ min: 1, max: 9 }),
    attrs: fc.option(fc.dictionary(fc.constantFrom('NEW_KEY', 'OTHER'), fc.string())),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { maxLength: 12 }), async (operations) => {
      const config = operations.reduce(
        (state, { epoch, attrs }) =>
          attrs === null
            ? stepRestore(state, { type: 'restore_client_config', id: 'r', epoch }, emptyLayers)[0]
            : pushed(state, epoch, { MAX_CAST_FANOUT: String(epoch), ...attrs }),
        noClientConfig,
      );
      expect(await store.save(config)).toEqual({ ok: true, value: null });
      expect(await store.load()).toEqual({ ok: true, value: config });
    }),
    { numRuns: 20 },
  );
  expect(await readdir(dir)).toEqual(['client-config.json']);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
});

test('a file with any byte changed, cut or added is not used at all', async () => {
  await store.save(pushed(noClientConfig, 1, { MAX_CAST_FANOUT: '5' }));
  const good = await readFile(file());
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ by;
      for (const bytes of [bad, good.subarray(0, at), Buffer.concat([good, bad.subarray(at)])]) {
        await writeFile(file(), bytes);
        expect(await store.load()).toMatchObject({ ok: false, fault: { code: 'config_unusable' } });
      }
    }),
    { numRuns: 30 },
  );
});

test('what was installed on another host is not that of this one', async () => {
  await store.save(pushed(noClientConfig, 1, { MAX_CAST_FANOUT: '5' }));
  const other = await new ClientConfigStore(dir, 'host-2').load();
  expect(other).toMatchObject({ ok: false, fault: { message: expect.stringContaining('on host host-1') } });
});

test.skipIf(process.getuid?.() !== 0)(
  'a full disk is told as such, leaves what was there, and is no obstacle later',
  async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', dir]);
    try {
      const config = pushed(noClientConfig, 1, { MAX_CAST_FANOUT: '5' });
      await store.save(config);
      await expect(writeFile(join(dir, 'filler'), Buffer.alloc(2 ** 17))).rejects.toThrow('ENOSPC');
      const next = pushed(config, 2, { NEW: 'x'.repeat(5_000) });
      expect(await store.save(next)).toMatchObject({ ok: false, fault: { code: 'disk_full' } });
      expect(await store.load()).toEqual({ ok: true, value: config });
      expect((await readdir(dir)).sort()).toEqual(['client-config.json', 'filler']);
      await rm(join(dir, 'filler'));
      expect(await store.save(next)).toMatchObject({ ok: true });
    } finally {
      execFileSync('umount', [dir]);
    }
  },
);
