import type { AttemptSummary, Mesh } from '@hostmesh/contract';
import { countOf, formatCount } from '../ui/text/count.ts';
import type { Mark } from '../ui/state/mark.ts';

const DAY_MS = 24 * 3600 * 1000;

/**
 * Something that a person should look at.
 * - `mesh`: hosts of an attached mesh are unreachable or hold another config
 * - `attempt`: the last attempt on a mesh did not end well, and none has since
 */
export type Concern =
  | { readonly kind: 'mesh'; readonly mesh: Mesh }
  | { readonly kind: 'attempt'; readonly attempt: AttemptSummary };

/** What is wrong now, worst first: meshes in rank of how many hosts are unwell, then attempts, newest first. */
export function concernsOf(
  meshes: readonly Mesh[],
  attempts: readonly AttemptSummary[],
  nowMs: number,
): readonly Concern[] {
  const unwell = meshes
    .filter((mesh) => mesh.state === 'attached' && unwellHosts(mesh) > 0)
    .sort((a, b) => unwellHosts(b) - unwellHosts(a));
  const seen = new Set<string>();
  const failed = [...attempts]
    .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
    .filter((attempt) => {
      const isLast = !seen.has(attempt.mesh);
      seen.add(attempt.mesh);
      return isLast && needsALook(attempt, nowMs);
    });
  return [
    ...unwell.map((mesh): Concern => ({ kind: 'mesh', mesh })),
    ...failed.map((attempt): Concern => ({ kind: 'attempt', attempt })),
  ];
}

/** A plain failure is old news after a day; hosts that may hold a failed attempt's config never are. */
function needsALook(attempt: AttemptSummary, nowMs: number): boolean {
  if (attempt.counts.residue > 0) return true;
  const isRecent = nowMs - Date.parse(attempt.startedAt) < DAY_MS;
  return isRecent && (attempt.state === 'failed' || attempt.state === 'interrupted');
}

const unwellHosts = (mesh: Mesh) => mesh.hosts.configLost + mesh.hosts.unreachable;

/** The answer to "is something wrong, and where", as a mark and one sentence. */
export function verdictOf(
  meshes: readonly Mesh[],
  concerns: readonly Concern[],
): { mark: Mark; sentence: string } {
  const attached = meshes.filter((mesh) => mesh.state === 'attached');
  const hosts = attached.reduce((sum, mesh) => sum + mesh.hosts.total, 0);
  const connecting = attached.reduce((sum, mesh) => sum + mesh.hosts.connecting, 0);
  const whole = `${countOf(hosts, 'host')} in ${countOf(attached.length, 'mesh', 'meshes')}`;
  const unwell = concerns.flatMap((concern) => (concern.kind === 'mesh' ? [concern.mesh] : []));
  const failures = concerns.length - unwell.length;
  const parts: string[] = [];
  if (unwell.length > 0) {
    const count = unwell.reduce((sum, mesh) => sum + unwellHosts(mesh), 0);
    parts.push(`${formatCount(count)} of ${whole} ${count === 1 ? 'is' : 'are'} not healthy.`);
  }
  if (failures > 0) parts.push(`${countOf(failures, 'attempt')} did not end well.`);
  if (parts.length > 0) {
    const isFailure = failures > 0 || unwell.some((mesh) => mesh.hosts.configLost > 0);
    return {
      mark: { tone: isFailure ? 'failed' : 'unknown', word: 'needs attention' },
      sentence: parts.join(' '),
    };
  }
  if (attached.length === 0)
    return { mark: { tone: 'absent', word: 'nothing attached' }, sentence: 'No mesh is attached now.' };
  if (connecting > 0) {
    return {
      mark: { tone: 'moving', word: 'connecting' },
      sentence: `${formatCount(connecting)} of ${whole} have not been heard yet.`,
    };
  }
  return {
    mark: { tone: 'good', word: 'all well' },
    sentence: `All ${whole} are healthy and hold their config.`,
  };
}
