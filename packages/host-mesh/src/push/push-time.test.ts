import { describe, expect, test } from 'vitest';
import { fakeWorld, localTargets } from '../testing/fixtures.ts';
import { startPush } from '../testing/start-push.ts';

const summary = (entries: readonly { rank: number; failure: { kind: string } }[]) =>
  entries.map(({ rank, failure }) => `${rank} ${failure.kind}`);

describe('time', () => {
  test('a trickle of answers does not extend the deadline', async () => {
    const world = fakeWorld();
    for (const { rank } of localTargets(5))
      world.transport.agent(`local:${rank + 1}`).behaviour = { pushDelayMs: rank * 3_000 };
    const push = startPush(world, 5);
    await world.clock.advance(9_999);
    expect(push.result()).toBeNull();
    await world.clock.advance(1);
    expect(summary(push.fault().error.entries)).toEqual(['4 ReplyTimedOut']);
  });

  test('the result waits for the cleaning up until 2.5 % after the deadline, then goes without it', async () => {
    const world = fakeWorld();
    world.transport.agent('local:2').behaviour = { push: 'hang', mute: true };
    const push = startPush(world, 2);
    await world.clock.advance(10_249);
    expect(push.result()).toBeNull();
    await world.clock.advance(1);
    expect(push.fault().report.hosts.map(({ restore }) => restore?.kind)).toEqual(['restored', 'pending']);
    await world.clock.advance(5_000);
    const { hosts } = await push.fault().cleanup;
    expect(hosts[1]?.restore).toEqual({
      kind: 'residue',
      reason: 'timed out after 5s while awaiting acknowledgement',
    });
  });

  test('without waiting for hosts a refusal is final', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    const push = startPush(world, 1);
    await world.clock.settle();
    expect(push.fault().report.durationMs).toBe(0);
    expect(world.transport.dials).toHaveLength(1);
  });

  test('a host that comes up while hosts are waited for is attached', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    const push = startPush(world, 2, { waitForHostsMs: 30_000 });
    await world.clock.advance(20_000);
    expect(push.result()).toBeNull();
    world.transport.agent('local:1').behaviour = {};
    await world.clock.advance(2_000);
    expect(push.result()).toMatchObject({ ok: true });
  });

  test('a host that stays down fails when the waiting is over, with what it last answered', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    const push = startPush(world, 1, { waitForHostsMs: 30_000 });
    await world.clock.advance(29_999);
    expect(push.result()).toBeNull();
    await world.clock.advance(1);
    expect(summary(push.fault().error.entries)).toEqual(['0 SendFailed']);
  });

  test('the push deadline starts when no host is waited for any more', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    world.transport.agent('local:2').behaviour = { push: 'hang' };
    const push = startPush(world, 2, { waitForHostsMs: 30_000 });
    await world.clock.advance(5_000);
    world.transport.agent('local:1').behaviour = {};
    await world.clock.advance(10_000);
    expect(push.result()).toBeNull();
    await world.clock.advance(2_000);
    expect(summary(push.fault().error.entries)).toEqual(['1 ReplyTimedOut']);
  });

  test('while hosts are waited for, a dial that meets silence is tried again', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: 'hang' };
    const push = startPush(world, 1, { waitForHostsMs: 30_000 });
    await world.clock.advance(4_000);
    world.transport.agent('local:1').behaviour = {};
    await world.clock.advance(1_100);
    expect(push.result()).toMatchObject({ ok: true });
  });
});

describe('cancelling', () => {
  test('names every host that had not installed, and restores the others', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: 'hang' };
    world.transport.agent('local:2').behaviour = { push: 'hang' };
    const controller = new AbortController();
    const push = startPush(world, 3, { signal: controller.signal });
    await world.clock.advance(50);
    controller.abort();
    await world.clock.advance(0);
    expect(push.fault().code).toBe('cancelled');
    expect(summary(push.fault().error.entries)).toEqual(['0 Cancelled', '1 Cancelled']);
    expect(push.fault().report.hosts.map(({ restore }) => restore?.kind)).toEqual([
      'not_needed',
      'not_needed',
      'restored',
    ]);
  });

  test('before the start, nothing is sent', async () => {
    const world = fakeWorld();
    const push = startPush(world, 2, { signal: AbortSignal.abort() });
    await world.clock.settle();
    expect(summary(push.fault().error.entries)).toEqual(['0 Cancelled', '1 Cancelled']);
    expect(world.transport.dials).toEqual([]);
  });
});
