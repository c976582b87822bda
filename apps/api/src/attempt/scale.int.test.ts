import { emptyLayers, ok } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { soakOr } from '../testing/patience.ts';
import { startTestApi } from '../testing/test-api.ts';
import { AttemptRun, type AttemptWork } from './attempt-run.ts';

const HOSTS = soakOr(10_000, 3000);
const owner = 'api_scale';

test(`results of ${HOSTS} hosts are recorded in batches, however many there are`, async () => {
  const { db } = await startTestApi();
  const { digest, json } = makeSnapshot(emptyLayers);
  const addresses = Array.from({ length: HOSTS }, (_, rank) => `tcp:host-${rank}:26600`);
  const created = await db.attempts.create({
    id: 'att_scale',
    kind: 'attach',
    mesh: 'train',
    addresses,
    extent: { labels: ['hosts'], sizes: [HOSTS] },
    snapshot: { digest, json },
    epoch: 1,
    timeoutMs: 60_000,
    waitForHostsMs: 0,
    requestedBy: 'tester',
    startedAt: new Date(),
    lease: { owner, durationMs: 60_000 },
  });
  if (!created.ok) throw new Error(created.fault.message);
  let batches = 0;
  const work: AttemptWork<string> = {
    // Hosts answer one by one, over a hundred turns of the event loop.
    push: async ({ onProgress }) => {
      for (let first = 0; first < HOSTS; first += HOSTS / 100) {
        const some = addresses.slice(first, first + HOSTS / 100);
        onProgress?.(some.map((address, index) => installed(first + index, address)));
        await new Promise((resolve) => setImmediate(resolve));
      }
      return ok('mesh');
    },
    attached: async () => {
      const success = { decidedAt: new Date(), mesh: { id: 'mesh_scale', ref: '' } };
      const attached = await db.attempts.finishAttached('att_scale', owner, success);
      return attached.ok ? ok(attached.value.attempt) : attached;
    },
    discard: async () => undefined,
  };
  const run = new AttemptRun(
    { record: created.value.attempt, hosts: addresses.map((text) => ({ text })), work },
    {
      attempts: {
        ...db.attempts,
        saveHosts: (...args) => {
          batches += 1;
          return db.attempts.saveHosts(...args);
        },
      },
      owner,
      publish: () => undefined,
      log: pino({ level: 'silent' }),
      recordLimitMs: 10_000,
      recovery: { settleLater: async () => undefined },
    },
  );
  expect(await run.verdict).toMatchObject({ record: { state: 'attached', counts: { installed: HOSTS } } });
  expect(batches).toBeLessThan(30);
});

const installed = (rank: number, address: string) => ({
  rank,
  address,
  hostId: `host_${rank}`,
  agentVersion: '1.0.0',
  state: 'installed' as const,
  failure: null,
  restore: null,
  connectMs: 1.25,
  ackMs: 0.5,
  epoch: 1,
  shadowedKeys: [],
  unknownKeys: [],
  tookOverFrom: null,
});
