import { emptyLayers } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { installedConfig, installedLayer, noClientConfig, type ClientConfig } from './client-config.ts';
import { stepPush, stepRestore } from './step-client-config.ts';

interface Message {
  readonly kind: 'push' | 'restore';
  readonly epoch: number;
}

/** A few clients' pushes and restores, each of them delayed, repeated or lost at will. */
const messages: fc.Arbitrary<Message[]> = fc.array(
  fc.record({ kind: fc.constantFrom('push', 'restore'), epoch: fc.integer({ min: 1, max: 8 }) }),
  { maxLength: 40 },
);

function deliver(state: ClientConfig, { kind, epoch }: Message) {
  if (kind === 'restore')
    return stepRestore(state, { type: 'restore_client_config', id: 'r', epoch }, emptyLayers);
  const attrs = { MAX_CAST_FANOUT: String(epoch) };
  const owner = { clientId: `client-${String(epoch % 3)}`, label: '' };
  const digest = digestOf(attrs);
  return stepPush(state, { type: 'set_client_config', id: 'p', epoch, owner, attrs, digest }, emptyLayers);
}

const installedEpoch = (state: ClientConfig) => installedLayer(state)?.epoch ?? 0;

test('an older layer never replaces a newer one, except where the newer is undone', () => {
  fc.assert(
    fc.property(messages, (sent) => {
      let state = noClientConfig;
      for (const message of sent) {
        const [next] = deliver(state, message);
        if (installedEpoch(next) < installedEpoch(state)) {
          expect(message).toEqual({ kind: 'restore', epoch: installedEpoch(state) });
        }
        expect(next.seenEpoch).toBeGreaterThanOrEqual(Math.max(state.seenEpoch, installedEpoch(next)));
        state = next;
      }
    }),
  );
});

test('a push that was undone is not in effect ever after, whatever is late or repeated', () => {
  fc.assert(
    fc.property(messages, (sent) => {
      const undone = new Set<number>();
      let state = noClientConfig;
      for (const message of sent) {
        [state] = deliver(state, message);
        if (message.kind === 'restore') undone.add(message.epoch);
        expect(undone).not.toContain(installedEpoch(state));
      }
    }),
  );
});

test('with every push undone, in any order and however interleaved, the host is as it was', () => {
  const epochs = fc.uniqueArray(fc.integer({ min: 2, max: 5 }), { minLength: 1, maxLength: 3 });
  const attempts = epochs.chain((all) => {
    const messages = all.flatMap((epoch): Message[] => [
      { kind: 'push', epoch },
      { kind: 'restore', epoch },
    ]);
    return fc.shuffledSubarray(messages, { minLength: messages.length });
  });
  fc.assert(
    fc.property(attempts, (sent) => {
      const [before] = deliver(noClientConfig, { kind: 'push', epoch: 1 });
      const after = sent.reduce((state, message) => deliver(state, message)[0], before);
      expect(installedConfig(after, emptyLayers)).toMatchObject({
        ...installedConfig(before, emptyLayers),
        epoch: after.seenEpoch,
      });
    }),
  );
});

test('a restore is idempotent: at once again it changes nothing and gets the same answer', () => {
  fc.assert(
    fc.property(messages, fc.integer({ min: 1, max: 9 }), (sent, epoch) => {
      const state = sent.reduce((current, message) => deliver(current, message)[0], noClientConfig);
      const [once, answer] = deliver(state, { kind: 'restore', epoch });
      expect(deliver(once, { kind: 'restore', epoch })).toEqual([once, answer, []]);
    }),
  );
});

test('changes tell whose config it was, exactly when what is in effect has changed', () => {
  fc.assert(
    fc.property(messages, (sent) => {
      let state = noClientConfig;
      for (const message of sent) {
        const [next, , changes] = deliver(state, message);
        const previousOwner = installedConfig(state, emptyLayers).owner;
        const changed = installedEpoch(next) !== installedEpoch(state);
        const config = installedConfig(next, emptyLayers);
        expect(changes).toEqual(changed ? [{ kind: 'client_config_changed', config, previousOwner }] : []);
        state = next;
      }
    }),
  );
});

test('what is kept stays bounded and in order', () => {
  const long = fc.array(fc.record({ kind: fc.constantFrom('push', 'restore'), epoch: fc.nat() }), {
    maxLength: 100,
  });
  fc.assert(
    fc.property(long, (sent: Message[]) => {
      const { layers, undone } = sent.reduce((state, message) => deliver(state, message)[0], noClientConfig);
      expect(layers.length).toBeLessThanOrEqual(4);
      expect(undone.length).toBeLessThanOrEqual(4);
      const epochs = layers.map(({ epoch }) => epoch);
      expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
    }),
  );
});
