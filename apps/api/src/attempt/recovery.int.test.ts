import { emptyLayers } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import type { Database } from '@hostmesh/db';
import { HostMesh } from '@hostmesh/host-mesh';
import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { parseHostMeshId, printAddress } from '@hostmesh/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { startTestApi } from '../testing/test-api.ts';

const epoch = Date.now() * 1000;
const snapshot = makeSnapshot(emptyLayers);

/** What a replica leaves behind that dies after all its hosts had installed, and before it wrote that down. */
async function abandonedAttempt(db: Database, sim: Awaited<ReturnType<typeof hostsOf>>, owner: string) {
  const created = await db.attempts.create({
    id: 'att_left',
    kind: 'attach',
    mesh: 'train',
    addresses: sim.addresses.map(printAddress),
    extent: { labels: ['hosts'], sizes: [sim.addresses.length] },
    snapshot: { digest: snapshot.digest, json: snapshot.json },
    epoch,
    timeoutMs: 1000,
    waitForHostsMs: 0,
    requestedBy: 'tester',
    startedAt: new Date(),
    lease: { owner, durationMs: 300 },
  });
  expect(created.ok).toBe(true);
  const transport = createTransport({ agentKey: testAgentKey });
  onTestFinished(() => transport.close());
  const id = parseHostMeshId('train');
  if (!id.ok) throw new Error(id.fault.message);
  const client = { clientId: owner, label: owner };
  const attached = await HostMesh.attach(id.value, sim.addresses, {
    transport,
    snapshot,
    owner: client,
    epoch,
  });
  expect(attached.ok).toBe(true);
}

describe('recovery', () => {
  test.each([
    ['itself', 'api_test'],
    ['another replica', 'api_other'],
  ])(
    'an attempt that %s left running becomes interrupted, and its hosts get back what they had',
    async (_, owner) => {
      const sim = await hostsOf({ count: 3, faults: {} });
      const first = await startTestApi();
      await abandonedAttempt(first.db, sim, owner);
      await sim.setFault(2, { kind: 'refuse' });

      const api = await startTestApi({ databaseUrl: first.databaseUrl, timing: { leaseMs: 3000 } });
      const attempt = async () => (await api.send('GET', '/attach-attempts/att_left')).body;
      await eventually(attempt).toMatchObject({
        state: 'interrupted',
        counts: { total: 3, installed: 0, failed: 3, pending: 0, restoring: 0, restored: 2, residue: 1 },
        failures: [{ failure: { kind: 'Interrupted' } }, {}, {}],
      });
      expect(sim.hosts.slice(0, 2).map((host) => host.installedDigest)).toEqual([null, null]);
      const hosts = (await api.send('GET', '/attach-attempts/att_left/hosts?restore=residue')).body.items;
      expect(hosts).toMatchObject([
        { rank: 2, restore: { kind: 'residue', reason: expect.stringContaining('ECONNREFUSED') } },
      ]);
      expect((await api.send('GET', '/meshes')).body.items).toEqual([]);
    },
  );

  test('an attempt whose lease is renewed is left alone, however long it takes', async () => {
    const sim = await hostsOf({ count: 1, faults: { 0: { kind: 'answer_late', afterMs: 3500 } } });
    const first = await startTestApi({ timing: { leaseMs: 3000 } });
    await startTestApi({ databaseUrl: first.databaseUrl, clientId: 'api_other', timing: { leaseMs: 3000 } });
    const attached = await first.send('POST', '/attach-attempts', {
      mesh: 'train',
      hosts: sim.addresses.map(printAddress),
    });
    expect(attached).toMatchObject({ status: 201, body: { state: 'attached' } });
  });
});
