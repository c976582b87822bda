import { createServer } from 'node:net';
import { printHostMeshId, type ChannelAddress } from '@hostmesh/core';
import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { arbitraryFault, expectedOutcome, type SimFault } from '@hostmesh/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setClientConfig } from '../push/push-run.ts';
import { anotherSnapshot, aSnapshot, meshId, us } from '../testing/fixtures.ts';
import { meshOf, pushFaultOf, simWorld } from '../testing/sim-world.ts';
import { TimerClock } from '../testing/timer-clock.ts';
import { HostMesh } from './host-mesh.ts';

const faultsByRank = (faults: readonly SimFault[]) => Object.fromEntries(faults.entries());

describe('attach', () => {
  test('HM-1: after an attach every host has installed the snapshot that was sent', async () => {
    await using world = await simWorld({ count: 50 });
    const mesh = meshOf(await world.attach());
    for (const host of world.sim.hosts) {
      expect(host.installedDigest).toBe(aSnapshot.digest);
      expect(host.installedOwner).toEqual({ ...us, hostMeshId: printHostMeshId(mesh.ref.id) });
      expect(host.pushes).toBe(1);
    }
    expect(mesh.report?.hosts.map(({ hostId }) => hostId)).toEqual(
      world.sim.hosts.map(({ hostId }) => hostId),
    );
    mesh.close();
  });

  test('HM-2, HM-4: with any mixture of healthy and faulty hosts (fault list, up to 200 hosts), the set of named hosts equals the set of hosts that did not install, in rank order, with the right kind; the result never comes later than the deadline plus 5 %', async () => {
    await fc.assert(
      fc.asyncProperty(anyFaults, async (faults) => {
        await using world = await simWorld({ count: faults.length, faults: faultsByRank(faults) });
        const clock = new TimerClock();
        const result = await world.attach({ timeoutMs, clock });
        const tookMs = clock.now();

        const expected = faults.flatMap((fault, rank) => {
          const failure = expectedOutcome(fault, timeoutMs).push;
          return failure.kind === 'installed' ? [] : [{ rank, failure }];
        });
        expect(tookMs).toBeLessThanOrEqual(timeoutMs * 1.05);
        expect(result.ok).toBe(expected.length === 0);
        if (result.ok) return result.value.close();
        const { error, cleanup } = pushFaultOf(result);
        expect(error.entries.map(({ rank }) => rank)).toEqual(expected.map(({ rank }) => rank));
        expect(error.entries).toMatchObject(expected);
        await cleanup;
      }),
      { numRuns: 8 },
    );
  });

  test('HM-3: with default settings a dead address yields exactly one error, on the attach result, and nothing on any global handler', async () => {
    const strays: unknown[] = [];
    const note = (stray: unknown) => void strays.push(stray);
    const events = ['uncaughtException', 'unhandledRejection', 'warning'] as const;
    for (const event of events) process.on(event, note);
    await using _ = {
      [Symbol.asyncDispose]: async () => events.forEach((event) => process.off(event, note)),
    };

    const transport = createTransport({ agentKey: testAgentKey });
    const result = await HostMesh.attach(meshId('hm_test'), [await deadAddress()], {
      transport,
      snapshot: aSnapshot,
      owner: us,
      epoch: 1,
    });
    const { error, cleanup } = pushFaultOf(result);
    await cleanup;
    await transport.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(error.entries).toMatchObject([{ failure: { kind: 'SendFailed', code: 'ECONNREFUSED' } }]);
    expect(strays).toEqual([]);
  });

  test('After a failed attach every reachable host has its previous layer back; those that could not be cleaned are listed as residue', async () => {
    await fc.assert(
      fc.asyncProperty(anyFaults, async (faults) => {
        await using world = await simWorld({ count: faults.length });
        meshOf(await world.attach({ snapshot: anotherSnapshot })).close();
        await Promise.all(faults.map((fault, rank) => world.sim.setFault(rank, fault)));
        const result = await world.attach({ timeoutMs });
        if (result.ok) return result.value.close();

        const { hosts } = await pushFaultOf(result).cleanup;
        for (const [rank, fault] of faults.entries()) {
          const { restore } = expectedOutcome(fault, timeoutMs);
          const { kind } = hosts[rank]?.restore ?? { kind: 'none' };
          if (restore === 'either') expect(kind).toMatch(/^(restored|residue)$/);
          else expect({ rank, fault, kind }).toEqual({ rank, fault, kind: restore });
          if (kind !== 'residue') expect(world.sim.hosts[rank]?.installedDigest).toBe(anotherSnapshot.digest);
        }
      }),
      { numRuns: 5 },
    );
  });

  test('a host that comes up while hosts are waited for is attached', async () => {
    await using world = await simWorld({ count: 3, faults: { 1: { kind: 'refuse' } } });
    const attaching = world.attach({
      waitForHostsMs: 20_000,
      onProgress: (changes) => {
        const others = changes.filter(({ rank, state }) => rank !== 1 && state === 'installed');
        if (others.length > 0) void world.sim.setFault(1, { kind: 'healthy' });
      },
    });
    meshOf(await attaching).close();
    expect(world.sim.hosts[1]?.installedDigest).toBe(aSnapshot.digest);
  });

  test('a push that arrives after its restore is refused: an attempt that was given up cannot come back', async () => {
    await using world = await simWorld({ count: 2, faults: { 1: { kind: 'refuse' } } });
    const options = world.options();
    await pushFaultOf(await world.attach(options)).cleanup;
    const connected = await world.transport.connect(addressOfHost(world.sim.addresses, 0));
    if (!connected.ok) throw new Error(connected.fault.message);
    const late = await connected.value.request(setClientConfig(options));
    expect(late).toMatchObject({ ok: false, fault: { kind: 'refused', code: 'stale_epoch' } });
    expect(world.sim.hosts[0]?.installedDigest).toBeNull();
  });

  test('cancelling leaves nothing behind, neither on hosts nor here', async () => {
    await using world = await simWorld({ count: 20, faults: { 7: { kind: 'hang_after_hello' } } });
    const cancelling = new AbortController();
    const result = await world.attach({
      signal: cancelling.signal,
      onProgress: (changes) => {
        if (changes.some(({ state }) => state === 'installed')) cancelling.abort();
      },
    });
    const fault = pushFaultOf(result);
    expect(fault.code).toBe('cancelled');
    expect(fault.error.entries.every(({ failure }) => failure.kind === 'Cancelled')).toBe(true);
    const { hosts } = await fault.cleanup;
    expect(hosts.flatMap(({ rank, restore }) => (restore?.kind === 'residue' ? [rank] : []))).toEqual([7]);
    for (const host of world.sim.hosts) expect(host.installedDigest).toBeNull();
  });

  test('a second push goes over the connections of the first', async () => {
    await using world = await simWorld({ count: 10 });
    const mesh = meshOf(await world.attach());
    const again = await mesh.pushConfig({ ...world.options(), snapshot: anotherSnapshot });
    expect(again.ok).toBe(true);
    for (const host of world.sim.hosts)
      expect(host).toMatchObject({ dials: 1, installedDigest: anotherSnapshot.digest });
    mesh.close();
  });
});

const timeoutMs = 3_000;
const anyFaults = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constant<SimFault>({ kind: 'healthy' }) }, arbitraryFault(timeoutMs)),
  { minLength: 1, maxLength: 200 },
);

function addressOfHost(addresses: readonly ChannelAddress[], rank: number): ChannelAddress {
  const address = addresses[rank];
  if (address === undefined) throw new RangeError(`no host ${rank}`);
  return address;
}

/** An address that nobody listens on: its port was free a moment ago. */
async function deadAddress(): Promise<ChannelAddress> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('not a TCP server');
  return { kind: 'tcp', host: '127.0.0.1', port: bound.port };
}
