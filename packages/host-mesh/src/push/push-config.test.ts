import { describe, expect, test } from 'vitest';
import { anotherSnapshot, aSnapshot, fakeWorld, localTargets, them } from '../testing/fixtures.ts';
import { startPush } from '../testing/start-push.ts';
import type { HostChange } from './push-report.ts';

const summary = (entries: readonly { rank: number; failure: { kind: string } }[]) =>
  entries.map(({ rank, failure }) => `${rank} ${failure.kind}`);

describe('two addresses that lead to one host id', () => {
  test.each([
    [
      'one agent, reached twice',
      false,
      'the same host twice: local:1 leads to the same agent; leave one of them out',
    ],
    [
      'two agents, one of which runs on a copy',
      true,
      'two agents claim to be h, this one and that at local:1: one runs on a copy',
    ],
  ])('fail on both, say why, and leave nothing behind: %s', async (_, isCopy, message) => {
    const world = fakeWorld();
    world.transport.agent('local:1').hostId = 'h';
    if (isCopy) Object.assign(world.transport.agent('local:2'), { hostId: 'h', incarnation: 2 });
    else world.transport.alias('local:2', 'local:1');
    const push = startPush(world, 3, { concurrency: 1 });
    await world.clock.settle();
    await push.done;
    const { error, cleanup } = push.fault();
    expect(error.entries).toMatchObject([
      { rank: 0, failure: { kind: 'Rejected', code: 'host_id_conflict' } },
      {
        rank: 1,
        failure: { kind: 'Rejected', code: 'host_id_conflict', message: expect.stringContaining(message) },
      },
    ]);
    expect((await cleanup).hosts.map(({ restore }) => restore?.kind)).toEqual([
      'restored',
      'not_needed',
      'restored',
    ]);
    for (const address of ['local:1', 'local:2', 'local:3'])
      expect(world.transport.agent(address).config.digest).toBeNull();
  });
});

describe('a push that runs out of descriptors', () => {
  test('is ours: it names no host but those that failed by themselves, and those that had installed are restored', async () => {
    const world = fakeWorld();
    world.transport.descriptors = 4;
    world.transport.agent('local:1').behaviour = { dial: { code: 'ECONNREFUSED', retryable: false } };
    const push = startPush(world, 10, { concurrency: 1 });
    await world.clock.settle();
    await push.done;
    const { error, report, cleanup } = push.fault();
    expect(summary(error.entries)).toEqual(['0 SendFailed']);
    expect(error.message).toContain('too many open files (EMFILE) (own_limit); no host is to blame');
    const codes = new Set(
      report.hosts.slice(1).map(({ failure }) => failure && 'code' in failure && failure.code),
    );
    expect([...codes].filter((code) => code !== false && code !== null)).toEqual(['own_limit']);
    const { hosts } = await cleanup;
    expect(hosts.filter(({ restore }) => restore?.kind === 'residue')).toEqual([]);
    expect(world.transport.agent('local:2').config.digest).toBeNull();
  });

  test('dials fewer hosts at a time before it gives up', async () => {
    const world = fakeWorld();
    world.transport.descriptors = 4;
    for (let rank = 0; rank < 8; rank += 1)
      world.transport.agent(`local:${rank + 1}`).behaviour = {
        dial: { code: 'ECONNREFUSED', retryable: false },
      };
    const push = startPush(world, 8, { concurrency: 8 });
    await world.clock.settle();
    await push.done;
    expect(summary(push.fault().error.entries)).toEqual(
      Array.from({ length: 8 }, (_, rank) => `${rank} SendFailed`),
    );
  });
});

describe('a push that succeeds', () => {
  test('every host has installed the snapshot, over connections that stay open', async () => {
    const world = fakeWorld();
    const push = startPush(world, 3);
    await world.clock.settle();
    expect(push.result()).toMatchObject({ ok: true, value: { digest: aSnapshot.digest, epoch: 100 } });
    for (const { rank } of localTargets(3)) {
      expect(world.transport.agent(`local:${rank + 1}`).config.digest).toBe(aSnapshot.digest);
      expect(push.links.get(rank)).toBeDefined();
    }
    expect(world.clock.pending).toBe(0);
  });

  test('an empty list of hosts succeeds and sends nothing', async () => {
    const world = fakeWorld();
    const push = startPush(world, 0);
    await push.done;
    expect(push.result()).toMatchObject({ ok: true, value: { hosts: [] } });
    expect(world.transport.dials).toEqual([]);
  });

  test('every host gets the same request id, made from the epoch', async () => {
    const world = fakeWorld();
    startPush(world, 3);
    await world.clock.settle();
    const ids = localTargets(3).map(({ rank }) => world.transport.agent(`local:${rank + 1}`).requests[0]?.id);
    expect(ids).toEqual(['push-100', 'push-100', 'push-100']);
  });

  test('a second push uses the open connections', async () => {
    const world = fakeWorld();
    const { links } = startPush(world, 3);
    await world.clock.settle();
    const again = startPush(world, 3, { epoch: 101, snapshot: anotherSnapshot }, links);
    await world.clock.settle();
    expect(again.result()).toMatchObject({ ok: true });
    expect(world.transport.dials).toHaveLength(3);
    expect(world.transport.agent('local:2').config.digest).toBe(anotherSnapshot.digest);
  });

  test('the owner whose config was replaced is reported', async () => {
    const world = fakeWorld();
    startPush(world, 1, { owner: them, epoch: 99 });
    await world.clock.settle();
    const push = startPush(world, 1);
    await world.clock.settle();
    expect(push.result()).toMatchObject({ ok: true, value: { hosts: [{ tookOverFrom: them }] } });
  });
});

describe('a push that fails', () => {
  test('names the hosts that failed, in rank order, and no other', async () => {
    const world = fakeWorld();
    world.transport.agent('local:2').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    world.transport.agent('local:4').behaviour = { push: 'wrong_digest' };
    world.transport.agent('local:5').behaviour = {
      push: { refuse: { code: 'invalid_config', message: 'no' } },
    };
    const push = startPush(world, 5);
    await world.clock.advance(0);
    expect(push.fault().code).toBe('config_push_failed');
    expect(summary(push.fault().error.entries)).toEqual(['1 SendFailed', '3 DigestMismatch', '4 Rejected']);
  });

  test('puts back what every reachable host had before', async () => {
    const world = fakeWorld();
    startPush(world, 3, { snapshot: anotherSnapshot, epoch: 99 });
    await world.clock.settle();
    world.transport.agent('local:3').behaviour = { push: 'wrong_digest' };
    const push = startPush(world, 3);
    await world.clock.settle();
    expect(push.fault().report.hosts.map(({ restore }) => restore)).toEqual([
      { kind: 'restored', lateInstall: false },
      { kind: 'restored', lateInstall: false },
      { kind: 'restored', lateInstall: true },
    ]);
    for (const { rank } of localTargets(3))
      expect(world.transport.agent(`local:${rank + 1}`).config.digest).toBe(anotherSnapshot.digest);
  });

  test('a host that hangs up right after its hello is named as having hung up', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: 'hang_up' };
    const push = startPush(world, 2);
    await world.clock.advance(5_000);
    expect(summary(push.fault().error.entries)).toEqual(['0 ReplyChannelClosed']);
  });

  test('a host that installed although its acknowledgement was lost is asked on a new connection', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { push: 'install_and_close' };
    const push = startPush(world, 1);
    await world.clock.advance(100);
    expect(summary(push.fault().error.entries)).toEqual(['0 ReplyChannelClosed']);
    expect(push.fault().report.hosts[0]?.restore).toEqual({ kind: 'restored', lateInstall: true });
    expect(world.transport.agent('local:1').config.digest).toBeNull();
  });

  test('a host that cannot be asked any more is residue, with the reason', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { push: 'install_and_die' };
    const push = startPush(world, 1);
    await world.clock.advance(5_000);
    const { hosts } = await push.fault().cleanup;
    expect(hosts[0]?.restore).toEqual({ kind: 'residue', reason: 'connection refused (ECONNREFUSED)' });
    expect(world.clock.pending).toBe(0);
  });

  test('hosts that were sent nothing need no restore, and get none', async () => {
    const world = fakeWorld();
    world.transport.agent('local:1').behaviour = { dial: { code: 'UNAUTHORIZED', retryable: false } };
    const push = startPush(world, 1);
    await world.clock.settle();
    expect(push.fault().report.hosts[0]?.restore).toEqual({ kind: 'not_needed' });
    expect(world.transport.agent('local:1').requests).toEqual([]);
  });

  test('a snapshot that fits no frame is sent to nobody', async () => {
    const world = fakeWorld();
    const snapshot = { ...aSnapshot, attrs: { A: 'x'.repeat(1_100_000) } };
    const push = startPush(world, 2, { snapshot });
    await world.clock.settle();
    expect(summary(push.fault().error.entries)).toEqual(['0 CastFailed', '1 CastFailed']);
    expect(world.transport.dials).toEqual([]);
  });
});

describe('a host that has seen a push of a client whose clock is ahead', () => {
  test('takes the next push at the first try, whatever its epoch, in as many round trips', async () => {
    const world = fakeWorld();
    const agent = world.transport.agent('local:1');
    startPush(world, 1, { owner: them, epoch: 5_000 });
    await world.clock.settle();
    const { links, result } = startPush(world, 2, { epoch: 4_000 });
    await world.clock.settle();
    expect(result()).toMatchObject({ ok: true, value: { hosts: [{ epoch: 5_001 }, { epoch: 4_000 }] } });
    // Over a connection that was open before, as the host tells of it there.
    startPush(world, 1, { owner: them, epoch: 9_000 });
    await world.clock.settle();
    await links.get(0)?.request({ type: 'keepalive', id: 'k' });
    const again = startPush(world, 2, { epoch: 4_001, snapshot: anotherSnapshot }, links);
    await world.clock.settle();
    expect(again.result()).toMatchObject({ ok: true });
    expect(agent.config).toMatchObject({ digest: anotherSnapshot.digest, epoch: 9_001 });
    expect(agent.requests.filter(({ type }) => type === 'set_client_config')).toHaveLength(4);
  });

  test('gets back what it had when such a push fails elsewhere', async () => {
    const world = fakeWorld();
    startPush(world, 1, { owner: them, epoch: 5_000, snapshot: anotherSnapshot });
    await world.clock.settle();
    world.transport.agent('local:2').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    const push = startPush(world, 2, { epoch: 4_000 });
    await world.clock.settle();
    expect(push.fault().report.hosts[0]?.restore).toEqual({ kind: 'restored', lateInstall: false });
    expect(world.transport.agent('local:1').config.digest).toBe(anotherSnapshot.digest);
  });

  test('refuses one that was sent before it said so: of two at the same moment one counts', async () => {
    const world = fakeWorld();
    const { links } = startPush(world, 1, { epoch: 10 });
    await world.clock.settle();
    startPush(world, 1, { owner: them, epoch: 5_000 });
    await world.clock.settle();
    const push = startPush(world, 1, { epoch: 11, snapshot: anotherSnapshot }, links);
    await world.clock.settle();
    expect(summary(push.fault().error.entries)).toEqual(['0 Rejected']);
    expect(world.transport.agent('local:1').config.owner).toEqual(them);
  });
});

describe('order', () => {
  test('no more connections are being opened at a time than allowed', async () => {
    const world = fakeWorld();
    startPush(world, 50, { concurrency: 8 });
    await world.clock.settle();
    expect(world.transport.dials).toHaveLength(50);
    expect(world.transport.mostDialling).toBe(8);
  });

  test('hosts that swallow packets do not keep the others from being dialled', async () => {
    const world = fakeWorld();
    for (const rank of [1, 2, 3, 4]) world.transport.agent(`local:${rank}`).behaviour = { dial: 'hang' };
    const push = startPush(world, 20, { concurrency: 2 });
    await world.clock.advance(10_000);
    expect(summary(push.fault().error.entries)).toEqual([0, 1, 2, 3].map((rank) => `${rank} ReplyTimedOut`));
  });

  test('when the first stage fails, the other hosts are neither dialled nor named', async () => {
    const world = fakeWorld();
    world.transport.agent('local:3').behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    const push = startPush(world, 4, { first: [2, 0] });
    await world.clock.settle();
    expect(summary(push.fault().error.entries)).toEqual(['2 SendFailed']);
    expect(push.fault().report.hosts.map(({ state }) => state)).toEqual([
      'installed',
      'queued',
      'failed',
      'queued',
    ]);
    expect(world.transport.dials).toEqual(['local:1', 'local:3']);
  });

  test('when the first stage installs, the others follow', async () => {
    const world = fakeWorld();
    const push = startPush(world, 4, { first: [2] });
    await world.clock.settle();
    expect(push.result()).toMatchObject({ ok: true });
    expect(world.transport.dials[0]).toBe('local:3');
  });
});

test('progress comes once per turn of the event loop, and ends where the report does', async () => {
  const world = fakeWorld();
  world.transport.agent('local:7').behaviour = { push: 'wrong_digest' };
  const batches: (readonly HostChange[])[] = [];
  const push = startPush(world, 100, { onProgress: (changes) => batches.push(changes) });
  await world.clock.advance(100);
  expect(batches.length).toBeLessThan(10);
  const last = new Map(batches.flat().map((change) => [change.rank, change]));
  expect([...last.values()].sort((a, b) => a.rank - b.rank)).toEqual(push.fault().report.hosts);
});
