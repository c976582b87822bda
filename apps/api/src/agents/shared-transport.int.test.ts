import { createTransport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { expect, onTestFinished, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { SharedTransport } from './shared-transport.ts';

test('users of one host share a connection, which ends when nobody uses it', async () => {
  const sim = await hostsOf({ count: 2 });
  const [first, second] = sim.addresses;
  if (first === undefined || second === undefined) throw new Error('no hosts');
  const transport = createTransport({ agentKey: testAgentKey });
  onTestFinished(() => transport.close());
  const shared = new SharedTransport(transport);
  const connect = async (address: typeof first) => {
    const connected = await shared.connect(address);
    if (!connected.ok) throw new Error(connected.fault.message);
    return connected.value;
  };
  const connections = await Promise.all([connect(first), connect(first), connect(second), connect(first)]);
  expect(sim.hosts.map(({ dials }) => dials)).toEqual([1, 1]);
  connections[0]?.close();
  connections[0]?.close();
  const answer = await connections[1]?.request({ type: 'list_procs', id: 'r1' });
  expect(answer).toMatchObject({ ok: true, value: { kind: 'proc_states' } });
  for (const connection of connections) connection.close();
  const again = await connect(first);
  expect(sim.hosts[0]?.dials).toBe(1);
  again.close();
  await eventually(() => sim.hosts.map((host) => host.connections)).toEqual([0, 0]);
  await sim.setFault(0, { kind: 'refuse' });
  expect(await shared.connect(first)).toMatchObject({ ok: false, fault: { code: 'ECONNREFUSED' } });
  await sim.setFault(0, { kind: 'healthy' });
  (await connect(first)).close();
  await shared.close();
});

test('who gives up on a host that hangs does not wait for it', async () => {
  const sim = await hostsOf({ count: 1, faults: { 0: { kind: 'hang_after_accept' } } });
  const transport = createTransport({ agentKey: testAgentKey });
  onTestFinished(() => transport.close());
  const [address] = sim.addresses;
  if (address === undefined) throw new Error('no host');
  const signal = AbortSignal.timeout(50);
  const connected = await new SharedTransport(transport).connect(address, { signal });
  expect(connected).toMatchObject({ ok: false, fault: { code: 'ABORTED' } });
});
