import { countOf, formatCount, oneOrMany } from '@hostmesh/core';
import { z } from 'zod';

/** Procs of one proc mesh that are not known to have ended, or wait for a restart. */
export const EndingProcMesh = z.object({ id: z.string(), name: z.string(), running: z.int() });
export type EndingProcMesh = z.infer<typeof EndingProcMesh>;

/** Lists name the first 50; totals count all. */
const running = {
  procMeshes: z.array(EndingProcMesh),
  procMeshesTotal: z.int(),
  /** Of all proc meshes. */
  procs: z.int(),
};

/** What ends with a mesh: its procs, and its hold on hosts that its successor, if it has one, does not have. */
export const Ends = z.object({
  meshId: z.string(),
  /** Its name. */
  mesh: z.string(),
  ...running,
  hostsLetGo: z.array(z.string()),
  hostsLetGoTotal: z.int(),
});
export type Ends = z.infer<typeof Ends>;

/** A mesh that uses some hosts, and what runs on those for it. */
export const UsedMesh = z.object({
  id: z.string(),
  name: z.string(),
  hosts: z.array(z.string()),
  hostsTotal: z.int(),
  ...running,
});
export type UsedMesh = z.infer<typeof UsedMesh>;

/** The live meshes of this console that use some hosts, too. */
export const HostsInUse = z.object({
  meshes: z.array(UsedMesh),
  meshesTotal: z.int(),
  hostsTotal: z.int(),
  procs: z.int(),
});
export type HostsInUse = z.infer<typeof HostsInUse>;

/** By which attempt, and by whom, another mesh took a host over. */
export const TakenOver = z.object({
  attemptId: z.string(),
  meshId: z.string().nullable(),
  mesh: z.string(),
  by: z.string(),
  at: z.iso.datetime().nullable(),
});
export type TakenOver = z.infer<typeof TakenOver>;

/** So many names stand in a sentence. */
const NAMED = 3;

function named(names: readonly string[], total: number): string {
  const shown = names.slice(0, NAMED).join(', ');
  return total > NAMED ? `${shown} and ${formatCount(total - NAMED)} more` : shown;
}

/** `3 procs of w, x`, or nothing when none runs. */
function procsText({ procs, procMeshes, procMeshesTotal }: Pick<Ends, keyof typeof running>): string {
  if (procs === 0) return '';
  return `${countOf(procs, 'proc')} of ${named(
    procMeshes.map(({ name }) => name),
    procMeshesTotal,
  )}`;
}

/**
 * How sure it is that something has ended.
 * - `will`: nothing has begun
 * - `told`: hosts were told to; whether all did is not known here
 * - `did`: every host has said so
 */
type EndTense = 'will' | 'told' | 'did';

/** What ends with a mesh, without a full stop: `2 procs of w end, and 1 host is let go (tcp:a:1)`. */
export function endsText(ends: Ends, tense: EndTense = 'will'): string {
  const procs = procsText(ends);
  const isOne = ends.procs === 1;
  const end = {
    will: isOne ? 'ends' : 'end',
    told: isOne ? 'was told to end' : 'were told to end',
    did: 'ended',
  }[tense];
  const hosts = countOf(ends.hostsLetGoTotal, 'host');
  const one = ends.hostsLetGoTotal === 1;
  const are = tense === 'will' ? (one ? 'is' : 'are') : one ? 'was' : 'were';
  const letGo = `${hosts} ${are} let go (${named(ends.hostsLetGo, ends.hostsLetGoTotal)})`;
  return [
    procs === '' ? 'no proc of it is known to run' : `${procs} ${end}`,
    ...(ends.hostsLetGoTotal > 0 ? [letGo] : []),
  ].join(', and ');
}

/** Who uses the hosts, without a full stop: `mesh a uses 2 hosts (tcp:a:1, tcp:b:1), where 3 procs of w run`. */
export function inUseText({ meshes, meshesTotal }: HostsInUse): string {
  const each = meshes.slice(0, NAMED).map((used) => {
    const procs = procsText(used);
    const runs =
      procs === '' ? 'no proc of it runs there' : `${procs} ${oneOrMany(used.procs, 'runs', 'run')} there`;
    return `mesh ${used.name} uses ${countOf(used.hostsTotal, 'host')} (${named(used.hosts, used.hostsTotal)}), ${runs}`;
  });
  return [
    ...each,
    ...(meshesTotal > NAMED ? [`and ${countOf(meshesTotal - NAMED, 'more mesh', 'more meshes')}`] : []),
  ].join('; ');
}

/** What a stop or shutdown of a mesh ends, in sentences. */
export function meshEndSentences(
  { ends, others }: { ends: Ends; others: HostsInUse | null },
  how: 'stop' | 'shutdown',
  tense: EndTense = 'will',
): string[] {
  const own = `Of mesh ${ends.mesh}, ${endsText(ends, tense)}.`;
  if (how === 'stop' || others === null) return [own];
  const shared = `Everything else on these hosts ${tense === 'will' ? 'ends' : tense === 'told' ? 'was told to end' : 'ended'}, too: ${inUseText(others)}.`;
  return [own, shared];
}

/** `taken over by mesh b (attempt att_2, admin) at 2026-01-01T00:00:00Z` */
export const takenOverText = ({ mesh, attemptId, by, at }: TakenOver): string =>
  `taken over by mesh ${mesh} (attempt ${attemptId}, ${by})${at === null ? '' : ` at ${at}`}`;
