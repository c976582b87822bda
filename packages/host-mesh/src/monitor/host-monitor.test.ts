import { describe, expect, test } from 'vitest';
import { HostLinks } from '../links/host-links.ts';
import { anotherSnapshot, aSnapshot, fakeWorld, localTargets, them, us } from '../testing/fixtures.ts';
import { HostMonitor } from './host-monitor.ts';
import type { HostObservation } from './host-observation.ts';
import { ProcFeed } from './proc-feed.ts';

const installed = { digest: aSnapshot.digest, epoch: 1, owner: us, withoutEffect: [] };

/** A monitor of `count` fake hosts that hold the config, and what it has told. */
async function watched(
  count: number,
  prepare: (world: ReturnType<typeof fakeWorld>) => void = () => undefined,
) {
  const world = fakeWorld();
  const { transport, clock } = world;
  const targets = localTargets(count);
  const agents = targets.map((_, rank) => transport.agent(`local:${rank + 1}`));
  for (const agent of agents) agent.config = installed;
  prepare(world);
  const batches: (readonly HostObservation[])[] = [];
  const monitor = new HostMonitor(
    targets,
    { digests: [aSnapshot.digest], owner: us },
    { transport, clock, links: new HostLinks(), feed: new ProcFeed(), random: () => 0, concurrency: 16 },
    { intervalMs: 1_000, timeoutMs: 400, onChange: (changes) => batches.push(changes) },
  );
  await clock.settle();
  const health = () => monitor.hosts().map(({ health: each }) => each);
  return { ...world, monitor, batches, agents, health };
}

describe('host monitor', () => {
  test('tells of every host once it has been heard', async () => {
    const { batches, monitor } = await watched(3);
    expect(batches).toHaveLength(1);
    expect(batches[0]?.map(({ rank, health }) => [rank, health])).toEqual(
      [0, 1, 2].map((rank) => [rank, 'healthy']),
    );
    monitor.close();
  });

  test('says nothing while nothing changes, and knows when it last heard', async () => {
    const { batches, monitor, clock } = await watched(2);
    await clock.advance(5_000);
    expect(batches).toHaveLength(1);
    for (const { lastHeardAt } of monitor.hosts())
      expect(clock.wallNow() - (lastHeardAt ?? 0)).toBeLessThanOrEqual(1_200);
    monitor.close();
  });

  test('a host that stops answering becomes unreachable within one interval and one timeout', async () => {
    const { monitor, clock, agents, health } = await watched(2);
    await clock.advance(2_000);
    if (agents[1]) agents[1].behaviour = { mute: true };
    await clock.advance(1_000 + 400 + 200);
    expect(health()).toEqual(['healthy', 'unreachable']);
    expect(monitor.hosts()[1]?.reason).toBe('no answer for 400ms');
    monitor.close();
  });

  test('a host that hangs up right after its hello is dialled again soon, and not waited for', async () => {
    const { monitor, clock, agents, health } = await watched(1, ({ transport }) => {
      transport.agent('local:1').behaviour = { dial: 'hang_up' };
    });
    expect(monitor.hosts()[0]).toMatchObject({
      health: 'unreachable',
      reason: 'connection closed (ECONNRESET)',
    });
    if (agents[0]) agents[0].behaviour = {};
    await clock.advance(350);
    expect(health()).toEqual(['healthy']);
    monitor.close();
  });

  test('a host that goes away is unreachable at once, and healthy again when it is back', async () => {
    const { monitor, clock, agents, transport, health } = await watched(1);
    await clock.advance(2_000);
    if (agents[0]) agents[0].behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    transport.connections.get('local:1')?.end('ECONNRESET');
    await clock.advance(0);
    expect(monitor.hosts()[0]).toMatchObject({
      health: 'unreachable',
      reason: 'connection refused (ECONNREFUSED)',
    });
    if (agents[0]) agents[0].behaviour = {};
    await clock.advance(1_000);
    expect(health()).toEqual(['healthy']);
    monitor.close();
  });

  test('a host that cannot be asked because we ran out of descriptors is not called unreachable', async () => {
    const { monitor, clock, transport, health } = await watched(1);
    await clock.advance(2_000);
    transport.descriptors = 0;
    transport.connections.get('local:1')?.end('ECONNRESET');
    await clock.advance(0);
    expect(monitor.hosts()[0]).toMatchObject({
      health: 'connecting',
      reason: 'this process has too many open files (EMFILE)',
      lastHeardAt: expect.any(Number) as number,
    });
    transport.descriptors = 1;
    await clock.advance(1_000);
    expect(health()).toEqual(['healthy']);
    monitor.close();
  });

  test('a connection that ends and can be opened again at once is no news', async () => {
    const { monitor, clock, transport, batches } = await watched(1);
    await clock.advance(2_000);
    transport.connections.get('local:1')?.end('ECONNRESET');
    await clock.advance(500);
    expect(batches.flat().map(({ health }) => health)).not.toContain('unreachable');
    expect(transport.dials).toHaveLength(2);
    monitor.close();
  });

  test('a host that drops every connection is not dialled without pause', async () => {
    const { monitor, clock, transport } = await watched(1);
    for (let second = 0; second < 20; second += 1) {
      transport.connections.get('local:1')?.end('ECONNRESET');
      await clock.advance(100);
    }
    expect(transport.dials.length).toBeLessThan(8);
    monitor.close();
  });

  test('a takeover is told when the host reports it, without waiting for a keepalive', async () => {
    const { monitor, clock, transport } = await watched(1);
    transport.connections.get('local:1')?.emit({
      type: 'event',
      seq: 1,
      at: 0,
      change: {
        kind: 'client_config_changed',
        config: { digest: anotherSnapshot.digest, epoch: 2, owner: them, withoutEffect: [] },
        previousOwner: us,
      },
    });
    await clock.settle();
    expect(monitor.hosts()[0]).toMatchObject({ health: 'config_lost', reason: 'taken over by them' });
    monitor.close();
  });

  test('what a host tells in one go is told change by change, in order', async () => {
    const { monitor, clock, transport, batches } = await watched(1);
    const told = batches.length;
    for (const config of [
      { ...installed, digest: anotherSnapshot.digest, epoch: 2 },
      { ...installed, epoch: 3 },
    ])
      transport.connections.get('local:1')?.emit({
        type: 'event',
        seq: config.epoch - 1,
        at: 0,
        change: { kind: 'client_config_changed', config, previousOwner: us },
      });
    await clock.settle();
    expect(batches.slice(told).map((batch) => batch.map(({ health }) => health))).toEqual([
      ['config_lost', 'healthy'],
    ]);
    monitor.close();
  });

  test('a keepalive that reports another config takes the health away', async () => {
    const { monitor, clock, agents, health } = await watched(1);
    if (agents[0]) agents[0].config = { ...installed, digest: anotherSnapshot.digest };
    await clock.advance(1_500);
    expect(health()).toEqual(['config_lost']);
    monitor.close();
  });

  test('a host that was never heard is unreachable once dialling it has failed', async () => {
    const { monitor, clock, health } = await watched(2, ({ transport }) => {
      transport.agent('local:2').behaviour = { dial: 'hang' };
    });
    expect(health()).toEqual(['healthy', 'connecting']);
    await clock.advance(400);
    expect(monitor.hosts()[1]).toMatchObject({ health: 'unreachable', lastHeardAt: null });
    monitor.close();
  });

  test('when it is closed it leaves no timer and says nothing more', async () => {
    const { monitor, clock, transport, batches } = await watched(2);
    monitor.close();
    transport.connections.get('local:1')?.end('ECONNRESET');
    await clock.advance(10_000);
    expect(batches).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
