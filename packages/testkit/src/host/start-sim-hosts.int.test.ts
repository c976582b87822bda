import { createTransport } from '@hostmesh/protocol';
import { anAgentKey, testAgentKey } from '@hostmesh/protocol/testing-key';
import { expect, test, vi } from 'vitest';
import { startSimHosts } from './start-sim-hosts.ts';

test('every host has a port and an id of its own', async () => {
  const hosts = await startSimHosts({ count: 50 });
  expect(new Set(hosts.addresses.map(({ port }) => port)).size).toBe(50);
  expect(new Set(hosts.hosts.map(({ hostId }) => hostId)).size).toBe(50);
  await hosts.close();
});

test('a taken port is named, and the hosts that had started are gone', async () => {
  const taken = await startSimHosts({ count: 1 });
  const [{ port: basePort } = { port: 0 }] = taken.addresses;
  const message: unknown = expect.stringContaining(`port ${basePort} is taken`);
  await expect(startSimHosts({ count: 2, basePort })).rejects.toMatchObject({ code: 'port_taken', message });
  const listening = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
  // Those that are left: the host that has the port, and the sink of its set.
  await vi.waitFor(() => expect(listening()).toBe(2), { timeout: 30_000 });
  await taken.close();
});

test.each([
  [{ count: 0 }, 'bad_spec'],
  [{ count: 1000, basePort: 65_000 }, 'bad_spec'],
  [{ count: 1, faults: { 5: { kind: 'refuse' } } }, 'bad_spec'],
] as const)('%j is refused as %s', async (spec, code) => {
  await expect(startSimHosts(spec)).rejects.toMatchObject({ code });
});

test('clients without the key of the hosts are refused', async () => {
  const hosts = await startSimHosts({ count: 1, agentKey: 'a key of their own' });
  const [address] = hosts.addresses;
  if (address === undefined) throw new Error('no host');
  const withKey = createTransport({ agentKey: anAgentKey('a key of their own') });
  const without = createTransport({ agentKey: testAgentKey });
  expect(await withKey.connect(address)).toMatchObject({ ok: true });
  expect(await without.connect(address)).toMatchObject({ ok: false, fault: { code: 'UNAUTHORIZED' } });
  await Promise.all([withKey.close(), without.close(), hosts.close()]);
});
