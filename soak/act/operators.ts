import { routes, type AttachRequest, type Attempt, type Mesh } from '@hostmesh/contract';
import { procIdsOf } from '../rig/proc-processes.ts';
import { MARKER_KEY, type Told } from '../model/look.ts';
import type { Random } from '../random.ts';
import { isAttached, canStillRun, type World } from '../world.ts';
import type { Act } from './act.ts';
import { exactBlame, expectEndsOf } from './expectations.ts';

/** Meshes are few, so that they get into each other's way. */
const NAMES = ['red', 'green', 'blue'];

/** What makes the product notice soon, and let procs live as long as nobody ends them. */
const configWith = (marker: string): NonNullable<AttachRequest['config']> => ({
  [MARKER_KEY]: Number(marker),
  SUPERVISION_POLL_FREQUENCY: '1s',
  GET_PROC_STATE_MAX_IDLE: '5s',
  PROCESS_EXIT_TIMEOUT: '1s',
  MESH_TERMINATE_TIMEOUT: '1s',
  MESH_ORPHAN_TIMEOUT: '6h',
});

/** Time for a push, long enough for a busy machine: a host that is up answers. */
const PUSH_TIMEOUT = '20s';

/** What people and scripts ask for. */
export const operatorActs: Readonly<Record<string, Act>> = {
  attach: {
    weight: 8,
    async run(world, random) {
      const slots = random.some(world.slots.filter((slot) => slot.hostIds.length > 0));
      const mesh = random.pick(NAMES) ?? '';
      const [replace, takeOver] = [random.chance(60), random.chance(60)];
      const hosts = slots.map(({ address }) => address);
      const marker = world.newMarker();
      const body = { mesh, hosts, config: configWith(marker), timeout: PUSH_TIMEOUT, replace, takeOver };
      await expectEndsOf(world, body);
      const exact = exactBlame(world, hosts);
      world.chronicle.pushing(marker, hosts);
      const said = await world.product.client.call(routes.startAttach, { body });
      const attempt = said.ok ? said.value : await failedAttempt(world, said.fault.problem);
      if (attempt !== null) {
        world.chronicle.pushed(marker, attempt);
        exact(attempt);
      }
      return `attached ${slots.map(({ name }) => name).join(', ')} as ${mesh}${replace ? ', replacing' : ''}${takeOver ? ', taking over' : ''}: ${attempt?.state ?? (said.ok ? '' : said.fault.code)}`;
    },
  },
  'push-config': toMesh(3, async (world, mesh) => {
    const marker = world.newMarker();
    world.chronicle.pushing(marker, hostsOf(mesh));
    const config = configWith(marker);
    const body = { config, timeout: PUSH_TIMEOUT };
    const said = await world.product.client.call(routes.pushConfig, { params: { id: mesh.id }, body });
    const attempt = said.ok ? said.value : await failedAttempt(world, said.fault.problem);
    if (attempt !== null) world.chronicle.pushed(marker, attempt);
    return `pushed to ${mesh.name}: ${attempt?.state ?? (said.ok ? '' : said.fault.code)}`;
  }),
  retry: {
    weight: 2,
    async run(world, random, told) {
      const attempt = random.pick(told.attempts.filter(({ state }) => state === 'failed').slice(0, 3));
      if (attempt === undefined) return null;
      const only = random.pick(['failed', 'all', 'installed'] as const) ?? 'all';
      const said = await world.product.client.call(routes.retryAttempt, {
        params: { id: attempt.id },
        body: { only, timeout: PUSH_TIMEOUT },
      });
      return `retried ${attempt.id}, ${only}: ${said.ok ? said.value.state : said.fault.code}`;
    },
  },
  spawn: toMesh(8, async (world, mesh, random) => {
    const keep = random.chance(50);
    const fails = random.chance(10);
    const body = {
      name: `job-${random.below(1000)}`,
      perHost: { slots: 1 + random.below(2) },
      command: fails ? { program: 'false' } : { program: 'sleep', args: ['86400'] },
      restart: { policy: random.chance(50) ? ('always' as const) : ('never' as const), limit: 1000 },
      keep,
      timeout: '30s',
    };
    const said = await world.product.client.call(routes.spawnProcMesh, { params: { id: mesh.id }, body });
    return `spawned ${fails ? 'what fails' : keep ? 'what is kept' : 'procs'} on ${mesh.name}: ${said.ok ? said.value.state : said.fault.code}`;
  }),
  stop: {
    weight: 5,
    async run(world, random, told) {
      const procMesh = random.pick(told.procMeshes.filter(canStillRun));
      if (procMesh === undefined) return null;
      world.chronicle.ending([procMesh.id]);
      const said = await world.product.client.call(routes.stopProcMesh, {
        params: { id: procMesh.id },
        body: {},
      });
      return `stopped ${procMesh.name}: ${said.ok ? said.value.procMesh.state : said.fault.code}`;
    },
  },
  'stop-mesh': toMesh(1, async (world, mesh) => {
    world.chronicle.ending([mesh.id]);
    const said = await world.product.client.call(routes.stopMesh, { params: { id: mesh.id }, body: {} });
    return `gave ${mesh.name} back: ${said.ok ? 'done' : said.fault.code}`;
  }),
  'shut-down-mesh': toMesh(1, async (world, mesh) => {
    const slots = world.slots.filter(({ address }) => hostsOf(mesh).includes(address));
    // Everything on these hosts ends, and the agents leave.
    world.chronicle.ending([mesh.id, ...slots.flatMap((slot) => procIdsOf(slot.hostIds.at(-1)))]);
    for (const slot of slots) slot.expectLeave();
    const said = await world.product.client.call(routes.shutdownMesh, { params: { id: mesh.id }, body: {} });
    for (const slot of slots) await slot.end('SIGKILL');
    return `shut ${mesh.name} down: ${said.ok ? 'done' : said.fault.code}`;
  }),
};

function toMesh(weight: number, does: (world: World, mesh: Mesh, random: Random) => Promise<string>): Act {
  return {
    weight,
    async run(world, random, told: Told) {
      const mesh = random.pick(told.meshes.filter(isAttached));
      return mesh === undefined ? null : does(world, mesh, random);
    },
  };
}

/** A mesh ref ends with the addresses of its hosts. */
const hostsOf = (mesh: Mesh): string[] => mesh.ref.match(/tcp:127\.0\.0\.1:\d+/g) ?? [];

/** The attempt that an answer of failure is about. */
async function failedAttempt(world: World, problem: unknown): Promise<Attempt | null> {
  if (typeof problem !== 'object' || problem === null || !('attemptId' in problem)) return null;
  const params = { id: String(problem.attemptId) };
  const said = await world.product.client.call(routes.getAttempt, { params });
  return said.ok ? said.value : null;
}
