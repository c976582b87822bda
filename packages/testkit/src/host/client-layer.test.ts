import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type ClientLayer,
  emptyLayer,
  installedConfig,
  pushConfig,
  type PushedConfig,
  restoreConfig,
} from './client-layer.ts';

const pushed = (epoch: number, clientId = 'a'): PushedConfig => ({
  epoch,
  digest: `digest ${epoch}`,
  owner: { clientId, label: clientId },
  attrs: {},
});
const after = (layer: ClientLayer, config: PushedConfig): ClientLayer => {
  const result = pushConfig(layer, config);
  return result.ok ? result.value.layer : layer;
};
const operation = fc.record({
  kind: fc.constantFrom('push', 'restore'),
  epoch: fc.integer({ min: 1, max: 6 }),
});
const apply = (layer: ClientLayer, { kind, epoch }: { kind: string; epoch: number }): ClientLayer =>
  kind === 'push' ? after(layer, pushed(epoch)) : restoreConfig(layer, epoch).layer;
const arbitraryLayer = fc.array(operation, { maxLength: 12 }).map((all) => all.reduce(apply, emptyLayer));

describe('the pushed layer of a host', () => {
  test('takes no push that is not newer than every push and restore before it', () => {
    fc.assert(
      fc.property(arbitraryLayer, fc.integer({ min: 1, max: 7 }), (layer, epoch) => {
        expect(pushConfig(layer, pushed(epoch)).ok).toBe(epoch > layer.seenEpoch);
      }),
    );
  });

  test('gives back what it had before the push that is restored, and refuses that push from then on', () => {
    fc.assert(
      fc.property(arbitraryLayer, (layer) => {
        const epoch = layer.seenEpoch + 1;
        const { layer: restored, outcome } = restoreConfig(after(layer, pushed(epoch)), epoch);
        expect(outcome).toBe('restored');
        expect(installedConfig(restored)).toEqual({ ...installedConfig(layer), epoch });
        expect(pushConfig(restored, pushed(epoch)).ok).toBe(false);
      }),
    );
  });

  test('answers a repeated restore as the first one, and changes nothing', () => {
    fc.assert(
      fc.property(arbitraryLayer, fc.integer({ min: 1, max: 7 }), (layer, epoch) => {
        const first = restoreConfig(layer, epoch);
        expect(restoreConfig(first.layer, epoch)).toEqual(first);
      }),
    );
  });

  test('keeps a newer config when an older push is restored', () => {
    const layer = after(after(emptyLayer, pushed(1)), pushed(2));
    const { layer: restored, outcome } = restoreConfig(layer, 1);
    expect(outcome).toBe('not_needed');
    expect(restored.current?.epoch).toBe(2);
  });

  test('tells whose config a push replaced, unless it was the same client', () => {
    const layer = after(emptyLayer, pushed(1, 'a'));
    expect(pushConfig(layer, pushed(2, 'a'))).toMatchObject({ value: { tookOverFrom: null } });
    expect(pushConfig(layer, pushed(2, 'b'))).toMatchObject({ value: { tookOverFrom: { clientId: 'a' } } });
  });
});
