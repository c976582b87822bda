import { emptyLayers, withLayer } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import { describe, expect, test } from 'vitest';
import { installedConfig, noClientConfig, type ClientConfig } from './client-config.ts';
import { stepPush, stepRestore } from './step-client-config.ts';

const alice = { clientId: 'alice', label: 'Alice' };
const bob = { clientId: 'bob', label: 'Bob' };

const pushOf = (
  epoch: number,
  attrs: Record<string, string> = { MAX_CAST_FANOUT: String(epoch) },
  owner: typeof alice & { hostMeshId?: string } = alice,
) => ({
  type: 'set_client_config' as const,
  id: 'p',
  epoch,
  owner,
  attrs,
  digest: digestOf(attrs),
});
const push = (state: ClientConfig, epoch: number, owner: typeof alice & { hostMeshId?: string } = alice) =>
  stepPush(state, pushOf(epoch, undefined, owner), emptyLayers)[0];
const restore = (state: ClientConfig, epoch: number) =>
  stepRestore(state, { type: 'restore_client_config', id: 'r', epoch }, emptyLayers);
const restored = (state: ClientConfig, epoch: number) => restore(state, epoch)[0];
const digestOfPush = (epoch: number) => pushOf(epoch).digest;

describe('a push', () => {
  test('is installed, and answered with the digest of what was installed', () => {
    const [state, reply, changes] = stepPush(noClientConfig, pushOf(1), emptyLayers);
    expect(installedConfig(state, emptyLayers)).toEqual({
      digest: digestOfPush(1),
      epoch: 1,
      owner: alice,
      withoutEffect: [],
    });
    expect(reply).toEqual({
      ok: true,
      result: {
        kind: 'client_config_set',
        digest: digestOfPush(1),
        epoch: 1,
        shadowed: [],
        unknownKeys: [],
        tookOverFrom: null,
      },
    });
    expect(changes).toEqual([
      { kind: 'client_config_changed', config: installedConfig(state, emptyLayers), previousOwner: null },
    ]);
  });

  test('replaces the layer before it wholesale', () => {
    const first = stepPush(noClientConfig, pushOf(1, { READ_LOG_BUFFER: '1' }), emptyLayers)[0];
    expect(push(first, 2).layers.at(-1)?.values).toEqual({ MAX_CAST_FANOUT: '2' });
  });

  test('names the keys that the operator of the host has set, and those that this version does not know', () => {
    const own = withLayer(emptyLayers, 'Env', { MAX_CAST_FANOUT: '9' });
    const [, reply] = stepPush(
      noClientConfig,
      pushOf(1, { MAX_CAST_FANOUT: '1', FROM_THE_FUTURE: 'x' }),
      own,
    );
    expect(reply).toMatchObject({
      ok: true,
      result: { shadowed: [{ key: 'MAX_CAST_FANOUT', layer: 'Env' }], unknownKeys: ['FROM_THE_FUTURE'] },
    });
  });

  test('takes over from another client, and tells both', () => {
    const [, reply, changes] = stepPush(push(noClientConfig, 1), pushOf(2, undefined, bob), emptyLayers);
    expect(reply).toMatchObject({ ok: true, result: { tookOverFrom: alice } });
    expect(changes).toMatchObject([{ config: { owner: bob }, previousOwner: alice }]);
  });

  test('of the same client takes over from nobody', () => {
    const [, reply] = stepPush(push(noClientConfig, 1), pushOf(2), emptyLayers);
    expect(reply).toMatchObject({ ok: true, result: { tookOverFrom: null } });
  });
});

describe('a push that replaces only what is its client’s own', () => {
  const onlyOwn = (
    state: ClientConfig,
    owner: typeof alice & { hostMeshId?: string },
    abandoned?: string[],
  ) => {
    const request = { ...pushOf(9, undefined, owner), onlyOwn: true, abandoned };
    const [next, reply] = stepPush(state, request, emptyLayers);
    return reply.ok ? 'installed' : [reply.fault.code, next === state];
  };

  test('is installed where there is nothing, or that', () => {
    expect(onlyOwn(noClientConfig, alice)).toBe('installed');
    expect(onlyOwn(push(noClientConfig, 1), alice)).toBe('installed');
  });

  test('changes nothing where somebody else has taken the host over, or another mesh of the client', () => {
    expect(onlyOwn(push(noClientConfig, 1, bob), alice)).toEqual(['taken_over', true]);
    const other = push(noClientConfig, 1, { ...alice, hostMeshId: 'other' });
    expect(onlyOwn(other, { ...alice, hostMeshId: 'train' })).toEqual(['taken_over', true]);
  });

  test('takes the place of a mesh of the client that has ended, and of no other client', () => {
    const ended = { hostMeshId: 'other' };
    const train = { ...alice, hostMeshId: 'train' };
    expect(onlyOwn(push(noClientConfig, 1, { ...alice, ...ended }), train, ['other'])).toBe('installed');
    const theirs = push(noClientConfig, 1, { ...bob, ...ended });
    expect(onlyOwn(theirs, train, ['other'])).toEqual(['taken_over', true]);
  });
});

describe('a push is refused and changes nothing', () => {
  const before = push(noClientConfig, 5);
  const bad = { MAX_CAST_FANOUT: 'many', TLS_KEY: '/k', FROM_THE_FUTURE: 'x', READ_LOG_BUFFER: '1' };
  test.each([
    ['when its epoch was seen', pushOf(5), { code: 'stale_epoch', epoch: 5 }],
    ['when its epoch is older', pushOf(4), { code: 'stale_epoch', epoch: 5 }],
    [
      'when the digest is not of its values',
      { ...pushOf(6), digest: digestOfPush(7) },
      { code: 'digest_mismatch' },
    ],
    [
      'when values cannot be used',
      pushOf(6, bad),
      { code: 'invalid_config', keys: ['MAX_CAST_FANOUT', 'TLS_KEY'] },
    ],
  ])('%s', (_when, request, fault) => {
    const [after, reply, changes] = stepPush(before, request, emptyLayers);
    expect(after).toBe(before);
    expect(reply).toMatchObject({ ok: false, fault });
    expect(changes).toEqual([]);
  });

  test('by a message that fits its field, however many values are bad', () => {
    const attrs = Object.fromEntries(Object.keys(pushOf(6, bad).attrs).flatMap((key) => [[key, 'bad']]));
    const [, reply] = stepPush(before, pushOf(6, attrs), emptyLayers);
    expect(!reply.ok && reply.fault.message.length).toBeLessThanOrEqual(2000);
  });
});

describe('what of a config has no effect', () => {
  const configured = stepPush(
    noClientConfig,
    pushOf(1, { MAX_CAST_FANOUT: '3', PROC_SPAWN_MAX_IDLE: '45s', NEW_KEY: 'x' }),
    emptyLayers,
  )[0];

  test('are keys that a layer of the host wins over, and those that its agent does not know', () => {
    const own = withLayer(emptyLayers, 'Env', { MAX_CAST_FANOUT: '3' });
    expect(installedConfig(configured, own).withoutEffect).toEqual([
      { key: 'MAX_CAST_FANOUT', layer: 'Env' },
      { key: 'NEW_KEY', layer: null },
    ]);
  });

  test('follows the host’s own layers, whenever they differ from those at the push', () => {
    const own = withLayer(emptyLayers, 'File', { PROC_SPAWN_MAX_IDLE: '1s', MAX_CAST_FANOUT: '1' });
    expect(installedConfig(configured, own).withoutEffect.map(({ layer }) => layer)).toEqual([
      'File',
      'File',
      null,
    ]);
    expect(installedConfig(configured, emptyLayers).withoutEffect).toEqual([{ key: 'NEW_KEY', layer: null }]);
  });
});

describe('a restore', () => {
  test('brings the layer before the push back, and says so', () => {
    const [state, reply, changes] = restore(push(push(noClientConfig, 1), 2, bob), 2);
    const config = { digest: digestOfPush(1), epoch: 2, owner: alice, withoutEffect: [] };
    expect(installedConfig(state, emptyLayers)).toEqual(config);
    expect(reply).toEqual({
      ok: true,
      result: { kind: 'client_config_restored', outcome: 'restored', config },
    });
    expect(changes).toEqual([{ kind: 'client_config_changed', config, previousOwner: bob }]);
  });

  test('of the only push leaves no client layer', () => {
    expect(installedConfig(restored(push(noClientConfig, 1), 1), emptyLayers)).toEqual({
      digest: null,
      epoch: 1,
      owner: null,
      withoutEffect: [],
    });
  });

  test('gives the same answer when it is repeated, and changes nothing more', () => {
    const [once, answer] = restore(push(push(noClientConfig, 1), 2), 2);
    const [twice, again, changes] = restore(once, 2);
    expect([twice, again, changes]).toEqual([once, answer, []]);
    expect(restore(restored(once, 1), 2)[1]).toMatchObject({ ok: true, result: { outcome: 'restored' } });
  });

  test('of a push that never came keeps it out when it does', () => {
    const [state, reply] = restore(push(noClientConfig, 1), 2);
    expect(reply).toMatchObject({
      ok: true,
      result: { outcome: 'not_needed', config: { digest: digestOfPush(1) } },
    });
    expect(stepPush(state, pushOf(2), emptyLayers)[1]).toMatchObject({
      ok: false,
      fault: { code: 'stale_epoch' },
    });
  });

  test('of a push under a newer one leaves the newer, under which it will not come back', () => {
    const [state, reply, changes] = restore(push(push(push(noClientConfig, 1), 2, bob), 3), 2);
    expect(reply).toMatchObject({
      ok: true,
      result: { outcome: 'not_needed', config: { digest: digestOfPush(3) } },
    });
    expect(changes).toEqual([]);
    expect(installedConfig(restored(state, 3), emptyLayers).digest).toBe(digestOfPush(1));
  });

  test('undoes a push after another client has restored a later one that never came here', () => {
    const [, reply] = restore(restored(push(noClientConfig, 1), 2), 1);
    expect(reply).toMatchObject({ ok: true, result: { outcome: 'restored', config: { digest: null } } });
  });
});
