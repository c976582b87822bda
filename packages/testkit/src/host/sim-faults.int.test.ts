import { emptyLayers } from '@hostmesh/core';
import { makeSnapshot } from '@hostmesh/core/snapshot';
import { createTransport, type AgentRequest, type Connection, type Transport } from '@hostmesh/protocol';
import { testAgentKey } from '@hostmesh/protocol/testing-key';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expectedOutcome, type ExpectedPush } from '../fault/expected-outcome.ts';
import { simFault, simFaultKinds, type SimFault } from '../fault/sim-fault.ts';
import { startSimHosts, type SimHosts } from './start-sim-hosts.ts';

const TIMEOUT_MS = 400;
const PATIENCE_MS = 30_000;
const EPOCH = 7;
const snapshot = makeSnapshot(emptyLayers);
const push: AgentRequest = {
  type: 'set_client_config',
  id: 'push',
  epoch: EPOCH,
  owner: { clientId: 'c', label: 'c' },
  digest: snapshot.digest,
  attrs: { ...snapshot.attrs },
};
const restore: AgentRequest = { type: 'restore_client_config', id: 'restore', epoch: EPOCH };

const inTime = { afterMs: 50, overMs: 50, code: 'invalid_config' };
const tooLate = { afterMs: TIMEOUT_MS * 3, overMs: TIMEOUT_MS * 3, code: 'a_code_of_tomorrow' };
const faults: readonly SimFault[] = [
  ...simFaultKinds.map((kind) => simFault(kind, inTime)),
  simFault('answer_late', tooLate),
  simFault('slow_drip', tooLate),
];

let hosts: SimHosts;
let transport: Transport;
beforeEach(async () => {
  hosts = await startSimHosts({ count: 1 });
  transport = createTransport({ agentKey: testAgentKey });
});
afterEach(async () => {
  await transport.close();
  await hosts.close();
});

const only = <T>([one]: readonly T[]): T => {
  if (one === undefined) throw new Error('no host');
  return one;
};

const connect = async (): Promise<Connection> => {
  const connected = await transport.connect(only(hosts.addresses));
  if (!connected.ok) throw new Error(connected.fault.message);
  return connected.value;
};

/** What a client sees of a push, in the words of `expectedOutcome`. One that is to be answered has all the time that it takes. */
async function pushTo(expected: ExpectedPush): Promise<ExpectedPush> {
  const signal = AbortSignal.timeout(expected.kind === 'ReplyTimedOut' ? TIMEOUT_MS : PATIENCE_MS);
  const connected = await transport.connect(only(hosts.addresses), { signal });
  if (!connected.ok) {
    const { code } = connected.fault;
    return code === 'ABORTED'
      ? { kind: 'ReplyTimedOut', phase: 'handshaking' }
      : { kind: 'SendFailed', code };
  }
  const answer = await connected.value.request(push, signal);
  if (answer.ok) {
    const { value } = answer;
    const same = value.kind === 'client_config_set' && value.digest === snapshot.digest;
    return same ? { kind: 'installed' } : { kind: 'DigestMismatch' };
  }
  switch (answer.fault.kind) {
    case 'refused':
      return { kind: 'Rejected', code: answer.fault.fault.code };
    case 'closed':
      return { kind: 'ReplyChannelClosed' };
    default:
      return { kind: 'ReplyTimedOut', phase: 'awaiting_ack' };
  }
}

describe('a simulated host with a fault', () => {
  test.each(faults)('$kind shows a client what is expected of it', async (fault) => {
    await hosts.setFault(0, fault);
    const { push: expected } = expectedOutcome(fault, TIMEOUT_MS);
    expect(await pushTo(expected)).toEqual(expected);
  });

  test.each(faults)('$kind leaves behind what is expected of it', async (fault) => {
    await hosts.setFault(0, fault);
    const expected = expectedOutcome(fault, TIMEOUT_MS);
    await pushTo(expected.push);
    const { installedDigest } = only(hosts.hosts);
    expect(installedDigest !== null).toBe(['restored', 'either'].includes(expected.restore));
    expect(installedDigest === null || installedDigest === snapshot.digest).toBe(
      fault.kind !== 'wrong_digest',
    );
  });

  const answering = faults.filter(
    ({ kind }) => !['refuse', 'hang_after_accept', 'hang_after_hello'].includes(kind),
  );
  test.each(answering)('$kind answers a restore truthfully', async (fault) => {
    await hosts.setFault(0, fault);
    await pushTo(expectedOutcome(fault, TIMEOUT_MS).push);
    const answer = await (await connect()).request(restore);
    const outcome = expectedOutcome(fault, TIMEOUT_MS).restore === 'not_needed' ? 'not_needed' : 'restored';
    expect(answer).toMatchObject({ ok: true, value: { outcome, config: { digest: null } } });
    expect(only(hosts.hosts)).toMatchObject({ installedDigest: null, restored: outcome === 'restored' });
  });
});

test('a host that answers twice keeps the connection in step', async () => {
  await hosts.setFault(0, { kind: 'answer_twice' });
  const connection = await connect();
  expect(await connection.request(push)).toMatchObject({ ok: true, value: { kind: 'client_config_set' } });
  expect(await connection.request(restore)).toMatchObject({
    ok: true,
    value: { kind: 'client_config_restored' },
  });
});

test('what is asked while an acknowledgement trickles is answered after it, and nothing is torn', async () => {
  await hosts.setFault(0, { kind: 'slow_drip', overMs: 200 });
  const connection = await connect();
  const answers = await Promise.all([connection.request(push), connection.request(restore)]);
  expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
});

test('a refusing host ends its connections, keeps its port and config, and comes back when it is healed', async () => {
  const connection = await connect();
  await connection.request(push);
  await hosts.setFault(0, { kind: 'refuse' });
  await connection.closed;
  expect(await transport.connect(only(hosts.addresses))).toMatchObject({
    ok: false,
    fault: { code: 'ECONNREFUSED' },
  });
  await hosts.setFault(0, { kind: 'healthy' });
  expect((await connect()).hello.config.digest).toBe(snapshot.digest);
});

test('a restart ends connections and makes a new incarnation of the same host, which has its config unless that is lost', async () => {
  const before = await connect();
  await before.request(push);
  await hosts.restart(0);
  await before.closed;
  expect((await connect()).hello.config.digest).toBe(snapshot.digest);
  await hosts.restart(0, 'config');
  const { hello } = await connect();
  expect(hello.config).toEqual({ digest: null, epoch: 0, owner: null, withoutEffect: [] });
  expect(hello.hostId).toBe(before.hello.hostId);
  expect(hello.incarnation).not.toBe(before.hello.incarnation);
});

test('a streaming client hears of a push by another one, and whose config it replaced', async () => {
  const watching = await connect();
  await watching.request({ type: 'stream_state', id: 's', after: null });
  const heard = new Promise((resolve) => watching.onEvent(resolve));
  await (await connect()).request(push);
  expect(await heard).toMatchObject({
    seq: 1,
    change: { kind: 'client_config_changed', config: { digest: snapshot.digest }, previousOwner: null },
  });
});

test('a host that was told to shut down answers, then refuses connections', async () => {
  const connection = await connect();
  expect(await connection.request({ type: 'shutdown_host', id: 'x' })).toMatchObject({ ok: true });
  await connection.closed;
  expect(await transport.connect(only(hosts.addresses))).toMatchObject({
    ok: false,
    fault: { code: 'ECONNREFUSED' },
  });
});
