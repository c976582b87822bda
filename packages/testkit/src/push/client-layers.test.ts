import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  currentConfig,
  noLayers,
  pushToLayers,
  restoreInLayers,
  simInstalledConfig,
  type PushedConfig,
  type SimClientLayers,
} from './client-layers.ts';

const pushed = (epoch: number, clientId = 'a'): PushedConfig => ({
  epoch,
  digest: `digest ${epoch}`,
  withoutEffect: [],
  owner: { clientId, label: clientId },
  attrs: {},
});
const after = (layers: SimClientLayers, config: PushedConfig): SimClientLayers => {
  const result = pushToLayers(layers, config);
  return result.ok ? result.value.layers : layers;
};
const operation = fc.record({
  kind: fc.constantFrom('push', 'restore'),
  epoch: fc.integer({ min: 1, max: 6 }),
});
const apply = (layers: SimClientLayers, { kind, epoch }: { kind: string; epoch: number }): SimClientLayers =>
  kind === 'push' ? after(layers, pushed(epoch)) : restoreInLayers(layers, { epoch }).layers;
const arbitraryLayers = fc.array(operation, { maxLength: 12 }).map((all) => all.reduce(apply, noLayers));

describe('the layers that clients pushed', () => {
  test('takes no push that is not newer than every push and restore before it', () => {
    fc.assert(
      fc.property(arbitraryLayers, fc.integer({ min: 1, max: 7 }), (layers, epoch) => {
        expect(pushToLayers(layers, pushed(epoch)).ok).toBe(epoch > layers.seenEpoch);
      }),
    );
  });

  test('gives back what it had before the push that is restored, and refuses that push from then on', () => {
    fc.assert(
      fc.property(arbitraryLayers, (layers) => {
        const epoch = layers.seenEpoch + 1;
        const { layers: restored, outcome } = restoreInLayers(after(layers, pushed(epoch)), { epoch });
        expect(outcome).toBe('restored');
        expect(simInstalledConfig(restored)).toEqual({ ...simInstalledConfig(layers), epoch });
        expect(pushToLayers(restored, pushed(epoch)).ok).toBe(false);
      }),
    );
  });

  test('answers a repeated restore as the first one, and changes nothing', () => {
    fc.assert(
      fc.property(arbitraryLayers, fc.integer({ min: 1, max: 7 }), (layers, epoch) => {
        const first = restoreInLayers(layers, { epoch });
        expect(restoreInLayers(first.layers, { epoch })).toEqual(first);
      }),
    );
  });

  test('keeps a newer config when an older push is restored, and never brings that one back', () => {
    const layers = [1, 2, 3].map((epoch) => pushed(epoch)).reduce(after, noLayers);
    const { layers: restored, outcome } = restoreInLayers(layers, { epoch: 2 });
    expect(outcome).toBe('not_needed');
    expect(currentConfig(restored)?.epoch).toBe(3);
    expect(currentConfig(restoreInLayers(restored, { epoch: 3 }).layers)?.epoch).toBe(1);
  });

  test('tells whose config a push replaced, unless it was the same client', () => {
    const layers = after(noLayers, pushed(1, 'a'));
    expect(pushToLayers(layers, pushed(2, 'a'))).toMatchObject({ value: { tookOverFrom: null } });
    expect(pushToLayers(layers, pushed(2, 'b'))).toMatchObject({
      value: { tookOverFrom: { clientId: 'a' } },
    });
  });
});
