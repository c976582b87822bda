import { describe, expect, test } from 'vitest';
import type { HostObservation } from '../monitor/host-observation.ts';
import { anotherSnapshot, fakeWorld, localTargets, meshId, them } from '../testing/fixtures.ts';
import type { HostEndOutcome } from './end-hosts.ts';
import { HostMesh } from './host-mesh.ts';

/** A mesh of `count` fake hosts. */
async function attached(count: number) {
  const world = fakeWorld();
  const addresses = localTargets(count).map(({ address }) => address);
  const mesh = await HostMesh.attach(meshId('train'), addresses, world.options());
  if (!mesh.ok) throw new Error(mesh.fault.message);
  const agents = addresses.map((_, rank) => world.transport.agent(`local:${rank + 1}`));
  return { ...world, mesh: mesh.value, agents };
}
const requestsOf = ({ requests }: { requests: readonly { type: string }[] }) =>
  requests.map(({ type }) => type).filter((type) => type !== 'set_client_config');

describe('attach', () => {
  test('an extent that does not fit the number of hosts is refused, and nothing is sent', async () => {
    const world = fakeWorld();
    const [target] = localTargets(1);
    if (target === undefined) throw new Error('no target');
    const extent = { labels: ['racks', 'hosts'], sizes: [2, 2] };
    const result = await HostMesh.attach(meshId('m'), [target.address], { ...world.options(), extent });
    expect(result).toMatchObject({ ok: false, fault: { code: 'invalid_host_mesh_ref' } });
    expect(world.transport.dials).toEqual([]);
  });

  test('an empty list of addresses gives a mesh of no hosts, and nothing is sent', async () => {
    const { mesh, transport } = await attached(0);
    expect(mesh.ref.toString()).toBe('train:@hosts=0/1');
    expect(transport.dials).toEqual([]);
  });

  test('no connection outlives a failed attach', async () => {
    const world = fakeWorld();
    world.transport.agent('local:2').behaviour = { push: 'wrong_digest' };
    const addresses = localTargets(2).map(({ address }) => address);
    const attaching = HostMesh.attach(meshId('m'), addresses, world.options());
    await world.clock.advance(100);
    expect((await attaching).ok).toBe(false);
    expect([...world.transport.connections.values()].map(({ isOpen }) => isOpen)).toEqual([false, false]);
  });
});

describe('stop', () => {
  test('gives every host back as it is, and closes the connections', async () => {
    const { mesh, agents, transport } = await attached(2);
    expect(await mesh.stop()).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
    for (const agent of agents) {
      expect(agent.requests.at(-1)).toMatchObject({ type: 'drain_host', hostMeshId: 'train' });
      expect(requestsOf(agent)).toEqual(['drain_host']);
      expect(agent.config.digest).not.toBeNull();
    }
    expect([...transport.connections.values()].some(({ isOpen }) => isOpen)).toBe(false);
  });

  test('tells which hosts could not be asked', async () => {
    const { mesh, agents, transport, clock } = await attached(3);
    transport.connections.get('local:2')?.end('ECONNRESET');
    if (agents[1]) agents[1].behaviour = { dial: { code: 'ECONNREFUSED', retryable: true } };
    if (agents[2]) agents[2].behaviour = { mute: true };
    const stopping = mesh.stop({ timeoutMs: 1_000 });
    await clock.advance(1_000);
    expect((await stopping).map(({ outcome }) => outcome)).toEqual(['done', 'unreachable', 'timed_out']);
  });

  test('is done once: ending the mesh again gives the same outcome', async () => {
    const { mesh, agents } = await attached(1);
    const [first, second] = await Promise.all([mesh.stop(), mesh.shutdown()]);
    expect(second).toBe(first);
    expect(agents.map(requestsOf)).toEqual([['drain_host']]);
  });
});

describe('shutdown', () => {
  test('all hosts drain before any shuts down', async () => {
    const { mesh, agents } = await attached(3);
    const order: string[] = [];
    for (const agent of agents) {
      const { push } = agent.requests;
      agent.requests.push = (...requests) => {
        order.push(...requests.map(({ type }) => type));
        return push.apply(agent.requests, requests);
      };
    }
    expect(await mesh.shutdown()).toMatchObject([
      { outcome: 'done' },
      { outcome: 'done' },
      { outcome: 'done' },
    ]);
    expect(order.lastIndexOf('drain_host')).toBeLessThan(order.indexOf('shutdown_host'));
  });

  test('a host that does not drain in time is shut down nevertheless, and the outcome says so', async () => {
    const { mesh, agents, clock } = await attached(2);
    if (agents[0]) agents[0].behaviour = { muteTo: 'drain_host' };
    const ending = mesh.shutdown({ timeoutMs: 4_000 });
    await clock.advance(3_000);
    const [first, second] = await ending;
    expect(first).toMatchObject({
      outcome: 'done',
      message: expect.stringContaining('not drained: timed out'),
    });
    expect(second).toMatchObject({ outcome: 'done', message: 'leaves service, drained' });
  });

  test('a silent host does not hold the result beyond the deadline', async () => {
    const { mesh, agents, clock } = await attached(2);
    if (agents[0]) agents[0].behaviour = { mute: true };
    const ending = mesh.shutdown({ timeoutMs: 4_000 });
    await clock.advance(4_000);
    expect(await ending).toMatchObject([{ outcome: 'timed_out' }, { outcome: 'done' }]);
  });

  test('a host that another client has taken over is left alone, unless that is asked for', async () => {
    for (const evenIfTakenOver of [false, true]) {
      const { mesh, agents } = await attached(2);
      if (agents[1]) agents[1].config = { ...agents[1].config, owner: them };
      const [, second] = await mesh.shutdown({ evenIfTakenOver });
      expect(second?.outcome).toBe(evenIfTakenOver ? 'done' : 'refused');
      expect(agents[1]?.lifecycle).toBe(evenIfTakenOver ? 'shutdown' : 'detached');
    }
  });
});

describe('shutdown guard', () => {
  test('shuts the mesh down at the end of its scope', async () => {
    const { mesh, agents } = await attached(1);
    {
      await using _ = mesh.shutdownGuard();
    }
    expect(agents[0]?.lifecycle).toBe('shutdown');
  });

  test('says which hosts did not shut down', async () => {
    const { mesh, agents } = await attached(2);
    if (agents[1]) agents[1].config = { ...agents[1].config, owner: them };
    const undone: HostEndOutcome[] = [];
    {
      await using _ = mesh.shutdownGuard({ onUndone: (outcomes) => undone.push(...outcomes) });
    }
    expect(undone).toMatchObject([
      { rank: 1, outcome: 'refused', message: 'not shut down: taken over by them' },
    ]);
  });

  test('a mesh that was stopped is not shut down', async () => {
    const { mesh, agents } = await attached(1);
    {
      await using _ = mesh.shutdownGuard();
      await mesh.stop();
    }
    expect(agents[0]?.lifecycle).toBe('detached');
  });
});

describe('another push', () => {
  test('never shows a watched host as having lost its config while it gets a new one', async () => {
    const { mesh, clock, options } = await attached(3);
    const healths: string[] = [];
    const note = (changes: readonly HostObservation[]) =>
      healths.push(...changes.map(({ health }) => health));
    const monitor = mesh.watch({ onChange: note, intervalMs: 100 });
    await clock.advance(200);
    const pushing = mesh.pushConfig({ ...options({ epoch: 101 }), snapshot: anotherSnapshot });
    await clock.advance(200);
    expect((await pushing).ok).toBe(true);
    expect(healths).toEqual(['healthy', 'healthy', 'healthy', 'healthy', 'healthy', 'healthy']);
    expect(monitor.hosts().map(({ config }) => config?.digest)).toEqual(
      Array(3).fill(anotherSnapshot.digest),
    );
    mesh.close();
  });

  test('that fails leaves the mesh with the config of before', async () => {
    const { mesh, agents, clock, options } = await attached(2);
    const before = agents[0]?.config.digest;
    if (agents[1]) agents[1].behaviour = { push: 'wrong_digest' };
    const pushing = mesh.pushConfig({ ...options({ epoch: 101 }), snapshot: anotherSnapshot });
    await clock.advance(100);
    expect((await pushing).ok).toBe(false);
    expect(agents.map(({ config }) => config.digest)).toEqual([before, before]);
  });
});

test('ending a mesh cancels the push that runs on it, and waits until that is cleaned up', async () => {
  const { mesh, agents, clock, options } = await attached(2);
  const before = agents[0]?.config;
  if (agents[1]) agents[1].behaviour = { push: 'install_and_hang' };
  const pushing = mesh.pushConfig({ ...options({ epoch: 101 }), snapshot: anotherSnapshot });
  await clock.settle();
  const stopping = mesh.stop();
  await clock.advance(100);
  expect(await pushing).toMatchObject({ ok: false, fault: { code: 'cancelled' } });
  expect(await stopping).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
  expect(agents.map(({ config }) => config.digest)).toEqual([before?.digest, before?.digest]);
});

test('a mesh that is taken sends nothing until it is used', async () => {
  const { mesh, transport, agents, options } = await attached(2);
  mesh.close();
  const dials = transport.dials.length;
  const taken = HostMesh.take(mesh.ref, { ...options(), digest: null });
  expect(transport.dials).toHaveLength(dials);
  expect(await taken.stop()).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
  expect(agents).toHaveLength(2);
});
