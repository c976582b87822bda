import { ok, type Result } from '@hostmesh/core';
import type { ConnectFault, Connection, ConnectPhase } from '@hostmesh/protocol';
import { describe, expect, test } from 'vitest';
import type { HostTarget } from '../ref/host-ref.ts';
import { FakeConnection } from '../testing/fake-transport.ts';
import { fakeWorld, localTargets } from '../testing/fixtures.ts';
import { HostLinks } from './host-links.ts';
import { HostReach, type Reached, type ReachOptions } from './reach.ts';

// As many as were asked for.
const [first, second, third] = localTargets(3) as [HostTarget, HostTarget, HostTarget];

function world(more: Partial<ReachOptions> = {}) {
  const { clock, transport } = fakeWorld();
  const links = new HostLinks();
  const make = () => new HostReach({ transport, links, clock, concurrency: 10, patienceMs: 1_000, ...more });
  return { clock, transport, links, make };
}

const outcomeOf = (reach: HostReach, target: HostTarget, onPhase?: (phase: ConnectPhase) => void) =>
  new Promise<Result<Reached, ConnectFault>>((resolve) => reach.reach(target, resolve, onPhase));

const connectionOf = (reached: Result<Reached, ConnectFault>): Connection => {
  if (!reached.ok) throw new Error(reached.fault.message);
  return reached.value.connection;
};

describe('reaching a host', () => {
  test('uses the connection that is open, and dials nothing', async () => {
    const { transport, links, make } = world();
    const reach = make();
    const dialled = await outcomeOf(reach, first);
    expect(dialled).toMatchObject({ ok: true, value: { connectMs: 0 } });
    const phases: ConnectPhase[] = [];
    expect(await outcomeOf(reach, first, (phase) => phases.push(phase))).toEqual({
      ok: true,
      value: { connection: links.get(0), connectMs: null },
    });
    expect(phases).toEqual([]);
    expect(transport.dials).toEqual(['local:1']);
  });

  test('says when a dial begins, and when its handshakes do', async () => {
    const phases: ConnectPhase[] = [];
    await outcomeOf(world().make(), first, (phase) => phases.push(phase));
    expect(phases).toEqual(['connecting', 'handshaking']);
  });

  test('by two parties at a time leaves them with one connection', async () => {
    const { transport, make } = world();
    const [one, another] = await Promise.all([outcomeOf(make(), first), outcomeOf(make(), first)]);
    expect(transport.dials).toEqual(['local:1', 'local:1']);
    expect(connectionOf(one)).toBe(connectionOf(another));
    expect(connectionOf(one)).toMatchObject({ isOpen: true });
    expect(transport.connections.get('local:1')).toMatchObject({ isOpen: false });
  });

  test('hands over a connection before it tells that this has ended', async () => {
    const { clock, transport, links, make } = world();
    transport.agent('local:1').behaviour = { dial: 'hang_up' };
    const told: string[] = [];
    links.watch((rank) => told.push(`rank ${rank} hung up`));
    make().reach(first, ({ ok: isReached }) => {
      if (isReached && links.get(0) !== undefined) told.push('reached');
    });
    await clock.settle();
    expect(told).toEqual(['reached', 'rank 0 hung up']);
  });

  test('takes turns in the order asked, and passes over dials that take too long', async () => {
    const { clock, transport, make } = world({ concurrency: 1 });
    transport.agent('local:1').behaviour = { dial: 'hang' };
    transport.agent('local:2').behaviour = { dial: 'hang' };
    const reach = make();
    for (const target of [first, second, third]) void outcomeOf(reach, target);
    await clock.advance(999);
    expect(transport.dials).toEqual(['local:1']);
    await clock.advance(1);
    expect(transport.dials).toEqual(['local:1', 'local:2']);
    await clock.advance(1_000);
    expect(transport.dials).toEqual(['local:1', 'local:2', 'local:3']);
    reach.end();
  });

  test('gives up on a dial alone after its limit, with a fault that passes', async () => {
    const { clock, transport, make } = world({ dialLimitMs: () => 5_000 });
    transport.agent('local:1').behaviour = { dial: 'hang' };
    const reach = make();
    const reached = outcomeOf(reach, first);
    await clock.advance(5_000);
    expect(await reached).toMatchObject({
      ok: false,
      fault: { code: 'ETIMEDOUT', message: 'no answer within 5s', retryable: true },
    });
    expect(await outcomeOf(reach, second)).toMatchObject({ ok: true });
  });
});

describe('the end of reaching', () => {
  test('is told at once to whoever dials, waits for a turn, or comes later', async () => {
    const { transport, make } = world({ concurrency: 1 });
    transport.agent('local:1').behaviour = { dial: 'hang' };
    const reach = make();
    const begun = [outcomeOf(reach, first), outcomeOf(reach, second)];
    reach.end();
    for (const reached of [...begun, outcomeOf(reach, third)])
      expect(await reached).toMatchObject({ ok: false, fault: { code: 'ABORTED' } });
    expect(transport.dials).toEqual(['local:1']);
  });

  test('closes a connection that comes after it', async () => {
    const { clock, transport, links } = world();
    const late = new FakeConnection(first.address, transport.agent('local:1'), clock);
    const opening = Promise.withResolvers<Result<Connection, ConnectFault>>();
    const reach = new HostReach({
      transport: { connect: () => opening.promise, close: () => Promise.resolve() },
      links,
      clock,
      concurrency: 1,
      patienceMs: 1_000,
    });
    const reached = outcomeOf(reach, first);
    reach.end();
    opening.resolve(ok(late));
    expect(await reached).toMatchObject({ ok: false, fault: { code: 'ABORTED' } });
    expect(late.isOpen).toBe(false);
    expect(links.get(0)).toBeUndefined();
  });
});
