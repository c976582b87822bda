import { routes, type Proc } from '@hostmesh/contract';
import { MARKER_KEY, type Look, type Told } from './model/look.ts';
import { slotOf } from './model/chronicle.ts';
import { pass } from './rig/place.ts';
import { procIdsOf } from './rig/proc-processes.ts';
import { isAttached, lookAt, type World } from './world.ts';

/** How long the product may take to be well again once everything else is, in milliseconds. */
const WELL_WITHIN_MS = 180_000;
const LOOK_EVERY_MS = 1_000;

/** Undoes all that was done to agents and disks: from here on nothing is in the product's way. */
async function undoAll({ slots, product, chronicle }: World): Promise<void> {
  product.disk.free();
  product.signal('postgres-server', 'SIGCONT');
  for (const slot of slots) {
    slot.disk.free();
    if (slot.state.kind === 'frozen') slot.thaw();
    if (slot.isReplaced) {
      chronicle.ending(procIdsOf(slot.hostIds.at(-1)));
      await slot.giveBack();
    } else if (slot.hostIds.length > 0) await slot.start();
  }
}

/** Waits until all is well, with whatever `judge` finds on the way; what is still wrong at the end is blamed. */
export async function settle(world: World, judge: (look: Look) => void): Promise<void> {
  await undoAll(world);
  const deadline = Date.now() + WELL_WITHIN_MS;
  for (;;) {
    const look = await lookAt(world);
    judge(look);
    const wrong = await stillWrong(world, look);
    if (wrong.length === 0) return;
    if (Date.now() > deadline) {
      for (const what of wrong) world.blame(`after everything was given back: ${what}`);
      return;
    }
    await pass(LOOK_EVERY_MS);
  }
}

/** What is not as it must be when nothing is in the way. */
async function stillWrong(world: World, look: Look): Promise<string[]> {
  const { client } = world.product;
  if (look.told === null) return ['the API does not answer'];
  const ready = await client.call(routes.ready, {});
  if (!ready.ok) return [`not ready: ${ready.fault.message}`];
  const orphans = await client.call(routes.listOrphans, {});
  if (!orphans.ok) return [`orphans can't be listed: ${orphans.fault.message}`];
  return [
    ...unfinished(look.told),
    ...unwell(look, look.told),
    ...unaccounted(look, look.told, new Set(orphans.value.items.map(({ procId }) => procId))),
    ...(await otherConfigs(world, look.told)),
  ];
}

const unfinished = ({ attempts, procMeshes }: Told): string[] => [
  ...attempts
    .filter(({ finishedAt }) => finishedAt === null)
    .map(({ id, state }) => `${id} is ${state} and has not finished`),
  ...procMeshes
    .filter(({ state }) => state === 'spawning' || state === 'stopping')
    .map(({ id, state }) => `${id} is ${state}`),
];

/** A host is healthy, or it is said which other mesh has taken it, or that it is not there: another agent has its address now. */
const unwell = ({ slots }: Look, { meshes, hosts }: Told): string[] =>
  meshes.filter(isAttached).flatMap((mesh) =>
    (hosts.get(mesh.id) ?? [])
      .filter(({ health, takenOver, hostId }) => {
        const isThere = slots.some(({ hostIds }) => hostIds.at(-1) === hostId);
        return health !== 'healthy' && takenOver === null && (isThere || health !== 'replaced');
      })
      .map(({ address, health, reason }) => `${address} of ${mesh.name} is ${health}: ${reason}`),
  );

/** Every process is a proc that is said to run, or an orphan; and every proc that is said to run has a process. */
function unaccounted({ slots, after }: Look, { procs }: Told, orphans: ReadonlySet<string>): string[] {
  const running = new Map(procs.filter(isRunning).map((proc) => [proc.id, proc]));
  const living = new Map(after.map((process) => [process.procId, process]));
  return [
    ...[...living.values()]
      .filter(({ procId, pid }) => running.get(procId)?.pid !== pid && !orphans.has(procId))
      .map(({ procId, pid }) => `process ${pid} of ${procId} is neither a running proc nor an orphan`),
    ...[...running.values()]
      .filter(({ id, hostId }) => !living.has(id) && slotOf(slots, hostId ?? '') !== undefined)
      .map(({ id, pid }) => `${id} is Running as process ${pid}, which is not there`),
  ];
}

const isRunning = ({ status }: Proc): boolean => status === 'Running';

/** A healthy host holds what its mesh was given (HM-1). */
async function otherConfigs({ product, chronicle }: World, { meshes, hosts }: Told): Promise<string[]> {
  const wrong: string[] = [];
  for (const mesh of meshes.filter(isAttached)) {
    const marker = chronicle.markerOfDigest.get(mesh.configDigest);
    for (const { hostId, health, address } of hosts.get(mesh.id) ?? []) {
      if (health !== 'healthy' || hostId === null || marker === undefined) continue;
      const dump = await product.client.call(routes.hostConfig, { params: { id: hostId } });
      const held = dump.ok
        ? dump.value.entries.find(({ key }) => key === MARKER_KEY)?.value
        : dump.fault.message;
      if (held !== marker) wrong.push(`${address} of ${mesh.name} holds ${held}, and was given ${marker}`);
    }
  }
  return wrong;
}
