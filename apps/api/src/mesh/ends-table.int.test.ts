import { routes, type RouteName } from '@hostmesh/contract';
import type { SimHosts } from '@hostmesh/testkit';
import { expect, test } from 'vitest';
import { eventually } from '../testing/patience.ts';
import { hostsOf } from '../testing/sim-hosts.ts';
import { listOf, startTestApi, type TestApi, type TestReply } from '../testing/test-api.ts';

/** Two meshes that share a host, each with a proc there; the first is in the state of the row. */
interface Scene {
  readonly api: TestApi;
  readonly hosts: readonly string[];
  /** The name of the mesh that is acted on; its id, its proc mesh, and a failed attempt of its name. */
  readonly mesh: string;
  readonly id: string;
  readonly procs: string;
  readonly failed: string;
  /** The proc mesh of the other mesh. */
  readonly others: string;
}

/** What somebody asks for; `preview` is what tells beforehand what it ends. */
interface Act {
  readonly route: RouteName;
  readonly what: string;
  readonly act: (scene: Scene) => Promise<TestReply>;
  readonly preview?: (scene: Scene) => Promise<TestReply>;
}

const post = (path: (scene: Scene) => string, body: (scene: Scene) => object = () => ({})) => ({
  act: (scene: Scene) => scene.api.send('POST', path(scene), body(scene)),
});
const attach = (what: string, more: (scene: Scene) => object): Act => {
  const body = (scene: Scene) => ({ mesh: scene.mesh, hosts: scene.hosts, ...more(scene) });
  return {
    route: 'startAttach',
    what,
    ...post(() => '/attach-attempts', body),
    preview: ({ api, ...scene }) => api.send('POST', '/preflight', body({ api, ...scene })),
  };
};
const end = (route: 'stopMesh' | 'shutdownMesh', what: string, body: object): Act => ({
  route,
  what,
  ...post(
    ({ id }) => `/meshes/${id}/${route === 'stopMesh' ? 'stop' : 'shutdown'}`,
    () => body,
  ),
  preview: ({ api, id }) => api.send('GET', `/meshes/${id}/ends`),
});
const shape = { extent: { racks: 1, hosts: 1 } };

const acts: readonly Act[] = [
  attach('the same hosts', () => ({})),
  attach('the same hosts, taking over', () => ({ takeOver: true })),
  attach('another shape', () => shape),
  attach('another shape, replacing', () => ({ ...shape, replace: true })),
  attach('another shape, replacing and taking over', () => ({ ...shape, replace: true, takeOver: true })),
  {
    route: 'preflight',
    what: 'looking',
    ...post(
      () => '/preflight',
      ({ mesh, hosts }) => ({ mesh, hosts }),
    ),
  },
  ...[
    { only: 'failed' },
    { only: 'all', takeOver: true },
    { only: 'installed', replace: true, takeOver: true },
  ].map((body): Act => ({
    route: 'retryAttempt',
    what: JSON.stringify(body),
    ...post(
      ({ failed }) => `/attach-attempts/${failed}/retry`,
      () => body,
    ),
  })),
  {
    route: 'cancelAttempt',
    what: 'an attempt that has ended',
    ...post(({ failed }) => `/attach-attempts/${failed}/cancel`),
  },
  { route: 'pushConfig', what: 'as it is', ...post(({ id }) => `/meshes/${id}/push-config`) },
  {
    route: 'pushConfig',
    what: 'another config, taking over',
    ...post(
      ({ id }) => `/meshes/${id}/push-config`,
      () => ({ takeOver: true, config: { PROCESS_EXIT_TIMEOUT: '3s' } }),
    ),
  },
  end('stopMesh', 'giving back', {}),
  end('shutdownMesh', 'leaving service', {}),
  end('shutdownMesh', 'leaving service, others too', { endOthers: true }),
  {
    route: 'spawnProcMesh',
    what: 'more procs',
    ...post(
      ({ id }) => `/meshes/${id}/proc-meshes`,
      () => ({ name: 'w', command: { program: 'sleep', args: ['600'] } }),
    ),
  },
  { route: 'forgetHost', what: 'a host that is there', ...post(({ id }) => `/meshes/${id}/hosts/0/forget`) },
  { route: 'stopProcMesh', what: 'its procs', ...post(({ procs }) => `/proc-meshes/${procs}/stop`) },
  {
    route: 'stopOrphans',
    what: 'procs that are accounted for',
    ...post(
      () => '/orphans/stop',
      ({ id, procs, others }) => ({
        procs: [procs, others].map((procMeshId) => ({
          meshId: id,
          hostRank: 0,
          procMeshId,
          procId: `${procMeshId}-0`,
        })),
      }),
    ),
  },
];

/** Routes that change something and reach no host. */
const harmless: readonly RouteName[] = ['login', 'logout', 'makeSignInCode', 'seenProcMesh'];

test('every route that changes something is in the table', () => {
  const changing = Object.entries(routes).filter(([, { method }]) => method !== 'GET');
  const known = new Set<string>([...acts.map(({ route }) => route), ...harmless]);
  expect(changing.map(([name]) => name).filter((name) => !known.has(name))).toEqual([]);
});

const states = ['attached', 'stopping', 'replaced'] as const;

test.each(states)(
  'of a mesh that is %s no act ends a proc that its preview and its reply do not name',
  async (state) => {
    const sim = await hostsOf({ count: acts.length });
    const api = await startTestApi();
    const scenes = await scenesOf(api, sim, state);
    await Promise.all(
      acts.map(async ({ act, preview, route, what }, rank) => {
        const [scene, host] = [scenes[rank], sim.hosts[rank]];
        if (scene === undefined) throw new Error(`no scene for ${what}`);
        const before = aliveOn(host);
        const foreseen = await preview?.(scene);
        const reply = await act(scene);
        const after = aliveOn(host);
        for (const id of [...before].filter((each) => !after.has(each))) {
          const row = `${route}: ${what}`;
          const told = [reply.text.includes(id), foreseen === undefined || foreseen.text.includes(id)];
          // Whoever stops a proc mesh by its id knows what ends.
          const asked = route === 'stopProcMesh' && id === scene.procs;
          expect({ row, id, told: asked || told.every(Boolean) }).toEqual({ row, id, told: true });
          if (id === scene.others) expect(row).toContain('others too');
        }
      }),
    );
  },
);

/** The proc meshes of which procs run there. */
const aliveOn = (host: SimHosts['hosts'][number] | undefined): Set<string> =>
  new Set(
    host?.procs.filter(({ status }) => status.kind === 'Ready').map(({ procMeshId }) => procMeshId) ?? [],
  );

/** A mesh on each host for each act, and one mesh over all that has taken the hosts over. */
async function scenesOf(api: TestApi, sim: SimHosts, state: (typeof states)[number]): Promise<Scene[]> {
  const addresses = listOf(sim.addresses);
  const attached = async (body: object) => (await api.send('POST', '/attach-attempts', body)).body;
  const spawned = async (id: string, name: string) => {
    const command = { program: 'sleep', args: ['600'] };
    return (await api.send('POST', `/meshes/${id}/proc-meshes`, { name, command })).body.id;
  };
  const own = await Promise.all(
    addresses.map(async (host, rank) => {
      const mesh = `m${rank}`;
      const isTriedAgain = /^(retry|cancel)/.test(acts[rank]?.route ?? '');
      const failed = isTriedAgain
        ? (await attached({ mesh, hosts: [host, 'tcp:127.0.0.1:1'] })).attemptId
        : '';
      const { meshId: id } = await attached({ mesh, hosts: [host] });
      return { api, hosts: [host], mesh, id, failed, procs: await spawned(id, 'w') };
    }),
  );
  const other = await attached({ mesh: 'other', hosts: addresses, takeOver: true });
  const others = await spawned(other.meshId, 'v');
  await Promise.all(
    own.map(async ({ id, mesh, hosts }, rank) => {
      if (state === 'stopping') await api.db.meshes.beginEnd(id, { by: 'tester', act: 'stop' });
      if (state !== 'replaced') return;
      await attached({ mesh, hosts, ...shape, replace: true, takeOver: true });
      await eventually(() => [...aliveOn(sim.hosts[rank])]).toEqual([others]);
    }),
  );
  return own.map((scene) => ({ ...scene, others }));
}
