import { dumpConfig, emptyLayers, withLayer } from '@hostmesh/core';
import { describe, expect, test } from 'vitest';
import { HostMeshRef } from '../ref/host-mesh-ref.ts';
import { addressOf, aSnapshot, fakeWorld, meshId, them, us } from '../testing/fixtures.ts';
import { configDiff } from './config-diff.ts';
import { preflight } from './preflight-hosts.ts';

describe('config diff', () => {
  const attrs = {
    PROC_SPAWN_MAX_IDLE: '45s',
    PROC_STOP_MAX_IDLE: '30s',
    MESH_TAIL_LOG_LINES: '7',
    OF_TOMORROW: '1',
  };

  test('tells what would change, what would be shadowed, and what the host does not know', () => {
    const layers = withLayer(
      withLayer(emptyLayers, 'Env', { MESH_TAIL_LOG_LINES: '100' }),
      'ClientOverride',
      { PROC_SPAWN_MAX_IDLE: '10s', GET_PROC_STATE_MAX_IDLE: '5m' },
    );
    expect(configDiff(dumpConfig(layers), attrs)).toEqual({
      changes: [
        { key: 'GET_PROC_STATE_MAX_IDLE', from: '5m', to: '1m' },
        { key: 'PROC_SPAWN_MAX_IDLE', from: '10s', to: '45s' },
      ],
      shadowedKeys: [{ key: 'MESH_TAIL_LOG_LINES', layer: 'Env' }],
      unknownKeys: ['OF_TOMORROW'],
    });
  });

  test('a host that holds the snapshot already would not change', () => {
    const { OF_TOMORROW: _, ...known } = attrs;
    const layers = withLayer(emptyLayers, 'ClientOverride', known);
    expect(configDiff(dumpConfig(layers), known)).toEqual({ changes: [], shadowedKeys: [], unknownKeys: [] });
  });
});

/** What a preflight of these addresses says, by rank. */
async function looked(
  addresses: string[],
  prepare: (world: ReturnType<typeof fakeWorld>) => void = () => undefined,
) {
  const world = fakeWorld();
  prepare(world);
  const ref = HostMeshRef.fromAddresses(meshId('m'), addresses.map(addressOf));
  if (!ref.ok) throw new Error(ref.fault.message);
  const { transport, clock } = world;
  const running = preflight(ref.value, {
    transport,
    clock,
    snapshot: aSnapshot,
    owner: us,
    timeoutMs: 1_000,
  });
  await clock.advance(1_000);
  const report = await running;
  return { world, report, hosts: report.hosts };
}
const codes = (hosts: readonly { warnings: readonly { code: string }[] }[]) =>
  hosts.map(({ warnings }) => warnings.map(({ code }) => code).filter((code) => code !== 'unknown_keys'));

describe('preflight', () => {
  test('sends no config, and closes its connections', async () => {
    const { world } = await looked(['tcp:10.0.0.1:1', 'tcp:10.0.0.2:1']);
    for (const address of ['tcp:10.0.0.1:1', 'tcp:10.0.0.2:1']) {
      expect(world.transport.agent(address).requests.map(({ type }) => type)).toEqual(['config_dump']);
      expect(world.transport.connections.get(address)?.isOpen).toBe(false);
    }
  });

  test('tells for each host whether it can be reached, and why not', async () => {
    const { hosts } = await looked(['local:1', 'local:2', 'local:3', 'local:4'], ({ transport }) => {
      transport.agent('local:2').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
      transport.agent('local:3').behaviour = { dial: 'hang' };
      transport.agent('local:4').behaviour = { mute: true };
    });
    expect(hosts.map(({ failure }) => failure)).toMatchObject([
      null,
      { kind: 'SendFailed', code: 'ECONNREFUSED' },
      { kind: 'ReplyTimedOut', phase: 'connecting', afterMs: 1_000 },
      { kind: 'ReplyTimedOut', phase: 'awaiting_ack' },
    ]);
    expect(hosts[3]?.hello?.hostId).toBe('host-of-local:4');
  });

  test.each<[string, string[], string[][]]>([
    ['loopback among remote hosts', ['tcp:127.0.0.1:1', 'tcp:10.0.0.2:1'], [['loopback_address'], []]],
    ['localhost among remote hosts', ['tcp:localhost:1', 'tcp:10.0.0.2:1'], [['loopback_address'], []]],
    ['loopback alone', ['tcp:127.0.0.1:1', 'tcp:[::1]:1', 'local:1'], [[], [], []]],
    ['wildcards', ['tcp:0.0.0.0:1', 'tcp:[::]:1'], [['wildcard_address'], ['wildcard_address']]],
  ])('warns of addresses: %s', async (_, addresses, expected) => {
    expect(codes((await looked(addresses)).hosts)).toEqual(expected);
  });

  test('warns of two addresses that lead to the same host, naming the other', async () => {
    const { hosts } = await looked(['tcp:10.0.0.1:1', 'tcp:gpu-1:1', 'tcp:10.0.0.3:1'], ({ transport }) => {
      transport.alias('tcp:gpu-1:1', 'tcp:10.0.0.1:1');
    });
    expect(codes(hosts)).toEqual([['host_id_conflict'], ['host_id_conflict'], []]);
    expect(hosts[0]?.warnings).toContainEqual({
      code: 'host_id_conflict',
      message: 'the same host twice: tcp:gpu-1:1 leads to the same agent; leave one of them out',
      fails: true,
    });
  });

  test('warns of another owner, and of a draining host', async () => {
    const { hosts } = await looked(['local:1', 'local:2', 'local:3'], ({ transport }) => {
      const config = { digest: aSnapshot.digest, withoutEffect: [] };
      transport.agent('local:1').config = { ...config, epoch: 5, owner: them };
      transport.agent('local:2').lifecycle = 'draining';
      // Whatever it has seen: an attach comes after that.
      transport.agent('local:3').config = { ...config, epoch: Number.MAX_SAFE_INTEGER - 1, owner: us };
    });
    expect(codes(hosts)).toEqual([['other_owner'], ['lifecycle'], []]);
  });
});
