import { nameOf } from '../rig/proc-processes.ts';
import { slotOf, type Chronicle } from './chronicle.ts';
import { MARKER_VARIABLE, type Look, type SlotLook, type Told } from './look.ts';

/** What is broken, in words; nothing when all is as it must be. */
type Law = (look: Look, chronicle: Chronicle) => readonly string[];

/**
 * How long the product may take to notice what happened to a host, in milliseconds. Its configs here say that a host is
 * silent after five seconds; the rest is for a machine that is busy.
 */
export const NOTICE_MS = 30_000;

/** What must be true at every moment, whatever happens. */
const laws = {
  'the supervisor lives': ({ supervisorLives }) => (supervisorLives ? [] : ['the supervisor has ended']),

  'no agent ends that nobody has ended': ({ slots }) =>
    slots.flatMap(({ name, state }) =>
      state.kind === 'down' && !state.asked ? [`the agent ${name} has ended`] : [],
    ),

  'an attempt is attached only when every host has installed the config': tellsOf((told) =>
    told.attempts
      .filter(({ state, counts }) => state === 'attached' && counts.installed !== counts.total)
      .map(({ id, counts }) => `${id} is attached with ${counts.installed} of ${counts.total} hosts`),
  ),

  'an attempt that has ended stays as it ended': tellsOf((told, _, { ended }) =>
    told.attempts.flatMap((now) => {
      const then = ended.get(now.id);
      const same =
        then === undefined ||
        (then.state === now.state &&
          JSON.stringify(then.counts) === JSON.stringify(now.counts) &&
          now.finishedAt !== null);
      return same ? [] : [`${now.id} was ${howItStands(then)} and is ${howItStands(now)}`];
    }),
  ),

  'what was recorded is there': tellsOf((told, _, { ended, meshes, procMeshes }) => [
    ...missing('attempt', ended.keys(), told.attempts),
    ...missing('mesh', meshes, told.meshes),
    ...missing('proc mesh', procMeshes, told.procMeshes),
  ]),

  'a host is healthy only when it can have been heard': tellsOf((told, { at, slots }, chronicle) =>
    [...told.hosts.values()].flat().flatMap(({ address, health, hostId }) => {
      const slot = slots.find((each) => each.address === address);
      if (health !== 'healthy' || slot === undefined) return [];
      if (slot.state.kind !== 'up' && isOld(slot.state.since, at, chronicle))
        return [`${address} is healthy, and its agent ${slot.state.kind}`];
      const another = hostId !== null && hostId !== slot.hostIds.at(-1);
      return another && isOld(slot.replacedAt, at, chronicle)
        ? [`${address} is healthy as ${hostId}, and ${slot.hostIds.at(-1)} is there`]
        : [];
    }),
  ),

  'a proc is running only when its process can have been seen': tellsOf((told, { at, slots }, chronicle) =>
    told.procs.flatMap(({ id, status, pid, hostId }) => {
      const since = chronicle.missingSince.get(id);
      const slot = slotOf(slots, hostId ?? '');
      const reachable = slot?.state.kind === 'up' && isOld(slot.state.since, at, chronicle);
      return status === 'Running' && since !== undefined && reachable && isOld(since, at, chronicle)
        ? [`${id} is Running as process ${pid}, which is not there`]
        : [];
    }),
  ),

  'a process has the config of a push that its host was part of': (
    { slots, after, told },
    { pushes, markerOfDigest },
  ) =>
    after.flatMap(({ pid, procId, hostId, config }) => {
      const marker = config[MARKER_VARIABLE];
      const address = slotOf(slots, hostId)?.address ?? '';
      if (marker === undefined) return [`process ${pid} of ${procId} has no pushed config`];
      if (!pushes.get(marker)?.has(address))
        return [`process ${pid} of ${procId} at ${address} has config ${marker}`];
      const record = told?.procs.find((each) => each.id === procId && each.pid === pid);
      const recorded = markerOfDigest.get(record?.configDigest ?? '');
      return recorded === undefined || recorded === marker
        ? []
        : [`process ${pid} of ${procId} has config ${marker}, and its record ${recorded}`];
    }),

  'no running proc ends unsaid': ({ slots, after }, chronicle) => {
    const alive = new Set(after.map(nameOf));
    return [...chronicle.living].flatMap(([name, { process, firstSeenAt }]) => {
      if (alive.has(name) || maySilentlyEnd(process.procId, process.hostId, firstSeenAt, slots, chronicle))
        return [];
      return [`process ${process.pid} of ${process.procId} has ended, and nobody has said that it would`];
    });
  },
} as const satisfies Record<string, Law>;

/** Which of the laws are broken, and how. */
export const broken = (look: Look, chronicle: Chronicle): string[] =>
  Object.entries(laws).flatMap(([name, law]) => law(look, chronicle).map((how) => `${name}: ${how}`));

/** A law about what the API tells, while it does. */
function tellsOf(law: (told: Told, look: Look, chronicle: Chronicle) => readonly string[]): Law {
  return (look, chronicle) => (look.told === null ? [] : law(look.told, look, chronicle));
}

/** Whether the product has had the time to notice what is so since then. */
const isOld = (since: number, at: number, { disturbedAt }: Chronicle): boolean =>
  at - Math.max(since, disturbedAt) > NOTICE_MS;

function maySilentlyEnd(
  procId: string,
  hostId: string,
  firstSeenAt: number,
  slots: readonly SlotLook[],
  { procs, endings, keeping }: Chronicle,
): boolean {
  const proc = procs.get(procId);
  // Nobody was told of it yet: its spawn has not succeeded.
  if (proc === undefined || proc.status === 'Initializing') return true;
  if (endings.has(procId) || endings.has(proc.procMeshId) || endings.has(proc.meshId)) return true;
  if (keeping.has(proc.procMeshId)) return false;
  // It was to end with its agent.
  const slot = slotOf(slots, hostId);
  return slot === undefined || slot.state.kind === 'down' || slot.downAt >= firstSeenAt;
}

function missing(what: string, ids: Iterable<string>, there: readonly { readonly id: string }[]): string[] {
  const found = new Set(there.map(({ id }) => id));
  return [...ids].filter((id) => !found.has(id)).map((id) => `${what} ${id} is gone`);
}

const howItStands = (attempt: { readonly state: string; readonly counts: object } | undefined): string =>
  `${attempt?.state} ${JSON.stringify(attempt?.counts)}`;
