import { emptyLayers } from '@hostmesh/core';
import { digestOf } from '@hostmesh/core/snapshot';
import { heardOf } from '@hostmesh/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { installedConfig, installedLayer, noClientConfig, type ClientConfig } from './client-config.ts';
import { stepPush, stepRestore } from './step-client-config.ts';

interface Message {
  readonly kind: 'push' | 'restore';
  readonly epoch: number;
  readonly heardEpoch?: number;
}

/** A few clients' pushes and restores, each of them delayed, repeated or lost at will. */
const messages: fc.Arbitrary<Message[]> = fc.array(
  fc.record({ kind: fc.constantFrom('push', 'restore'), epoch: fc.integer({ min: 1, max: 8 }) }),
  { maxLength: 40 },
);

function deliver(state: ClientConfig, { kind, ...place }: Message) {
  const { epoch } = place;
  if (kind === 'restore')
    return stepRestore(state, { type: 'restore_client_config', id: 'r', ...place }, emptyLayers);
  const attrs = { MAX_CAST_FANOUT: String(epoch) };
  const owner = { clientId: `client-${String(epoch % 3)}`, label: '' };
  const digest = digestOf(attrs);
  return stepPush(state, { type: 'set_client_config', id: 'p', ...place, owner, attrs, digest }, emptyLayers);
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

/** Clients with clocks of their own, on a wire that delays and repeats: each hears what the host has seen when it sends. */
const traffic = fc.array(
  fc.oneof(
    fc.record({
      send: fc.constantFrom('push' as const, 'restore' as const),
      epoch: fc.integer({ min: 1, max: 8 }),
    }),
    fc.record({ deliver: fc.nat(100) }),
  ),
  { maxLength: 60 },
);

test('a push that was sent after its client had heard of another is never replaced by that, and one that was undone never comes back', () => {
  fc.assert(
    fc.property(traffic, (steps) => {
      let state = noClientConfig;
      const sent: Message[] = [];
      /** Which pushes the host had been through when each was sent. */
      const heard = new Map<number, ReadonlySet<number>>();
      const been = new Set<number>();
      const undone = new Set<number>();
      for (const step of steps) {
        if ('send' in step) {
          const { send: kind, epoch } = step;
          if ((kind === 'push') === heard.has(epoch)) continue; // One push each, and only what was pushed is restored.
          if (kind === 'push') heard.set(epoch, new Set(been));
          sent.push({ kind, epoch, ...heardOf(state.seenEpoch, epoch) });
          continue;
        }
        const message = sent[step.deliver % Math.max(1, sent.length)];
        if (message === undefined) continue;
        const before = installedEpoch(state);
        [state] = deliver(state, message);
        const after = installedEpoch(state);
        if (message.kind === 'restore') undone.add(message.epoch);
        if (message.kind === 'push' && after !== before) expect(heard.get(before) ?? []).not.toContain(after);
        expect(undone).not.toContain(after);
        been.add(after);
      }
    }),
  );
});

test('a push whose client has heard what the host has seen is taken, whatever clock its epoch is from', () => {
  fc.assert(
    fc.property(messages, fc.integer({ min: 10, max: 99 }), (sent, ahead) => {
      const [state] = deliver(
        sent.reduce((current, message) => deliver(current, message)[0], noClientConfig),
        {
          kind: 'push',
          epoch: ahead,
        },
      );
      const [, answer] = deliver(state, { kind: 'push', epoch: 9, ...heardOf(state.seenEpoch, 9) });
      expect(answer).toMatchObject({ ok: true, result: { epoch: ahead + 1 } });
    }),
  );
});
