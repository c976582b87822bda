import {
  isEndState,
  withoutEffectText,
  type AttemptSummary,
  type Mesh,
  type ProcMeshView,
} from '@hostmesh/contract';
import { countOf, formatCount, oneOrMany, troubleOf } from '@hostmesh/core';
import type { Mark } from '../ui/state/mark.ts';

const DAY_MS = 24 * 3600 * 1000;

/**
 * Something that a person should look at.
 * - `mesh`: hosts of an attached mesh are unreachable or hold another config
 * - `procs`: procs failed, or nobody knows how they are or ended, and nobody has said that he has seen it
 * - `attempt`: the last attempt on a mesh did not end well, and none has since
 */
export type Concern =
  | { readonly kind: 'mesh'; readonly mesh: Mesh }
  | { readonly kind: 'procs'; readonly procMesh: ProcMeshView }
  | { readonly kind: 'attempt'; readonly attempt: AttemptSummary };

/**
 * What is wrong now, worst first: meshes in rank of how many hosts are unwell, then procs in rank of how many need a
 * look, then attempts, newest first.
 */
export function concernsOf(
  meshes: readonly Mesh[],
  attempts: readonly AttemptSummary[],
  nowMs: number,
  procMeshes: readonly ProcMeshView[] = [],
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
    ...procMeshes
      .filter(({ needsAttention }) => needsAttention)
      .sort((a, b) => troubleOf(b.counts) - troubleOf(a.counts))
      .map((procMesh): Concern => ({ kind: 'procs', procMesh })),
    ...failed.map((attempt): Concern => ({ kind: 'attempt', attempt })),
  ];
}

/** A failed attempt is a concern for a day, and for as long as hosts may still hold its config, or it is not known whether. */
function needsALook(attempt: AttemptSummary, nowMs: number): boolean {
  if (attempt.counts.residue + attempt.counts.restoring > 0) return true;
  const isRecent = nowMs - Date.parse(attempt.startedAt) < DAY_MS;
  return isRecent && (attempt.state === 'failed' || attempt.state === 'interrupted');
}

const unwellHosts = (mesh: Mesh) => mesh.hosts.configLost + mesh.hosts.unreachable + mesh.hosts.replaced;

/**
 * The answer to "is something wrong, and where", as a mark and one sentence. `procMeshes` are all that are known;
 * `areProcsRead` is false when they could not be read, and nothing is then said to be well.
 */
export function verdictOf(
  meshes: readonly Mesh[],
  concerns: readonly Concern[],
  procMeshes: readonly ProcMeshView[] = [],
  areProcsRead = true,
): Verdict {
  const attached = meshes.filter((mesh) => mesh.state === 'attached');
  const whole = wholeOf(attached);
  const unwell = concerns.flatMap((concern) => (concern.kind === 'mesh' ? [concern.mesh] : []));
  const failures = concerns.filter(({ kind }) => kind === 'attempt').length;
  const procs = concerns.flatMap((concern) => (concern.kind === 'procs' ? [concern.procMesh] : []));
  const parts: string[] = [];
  if (unwell.length > 0) {
    const count = unwell.reduce((sum, mesh) => sum + unwellHosts(mesh), 0);
    parts.push(`${formatCount(count)} of ${whole} ${oneOrMany(count, 'is', 'are')} not healthy.`);
    const shadowed = shadowedOf(attached);
    if (shadowed !== '') parts.push(`${shadowed}.`);
  }
  parts.push(...procSentences(procs, procMeshes));
  if (failures > 0) parts.push(`${countOf(failures, 'attempt')} did not end well.`);
  const unread = areProcsRead ? [] : ['Procs could not be read.'];
  if (parts.length > 0) {
    const isFailure =
      failures > 0 ||
      unwell.some((mesh) => mesh.hosts.configLost + mesh.hosts.replaced > 0) ||
      procs.some(({ state, counts }) => state === 'spawn_failed' || counts.Failed + counts.Timeout > 0);
    return {
      mark: { tone: isFailure ? 'failed' : 'unknown', word: 'needs attention' },
      sentence: [...unread, ...parts].join(' '),
    };
  }
  const hosts = hostsVerdict(attached);
  if (areProcsRead) return hosts;
  return {
    mark: { tone: 'unknown', word: 'procs not known' },
    sentence: [...unread, hosts.sentence].join(' '),
  };
}

/** What a page says first. */
interface Verdict {
  readonly mark: Mark;
  readonly sentence: string;
}

function wholeOf(attached: readonly Mesh[]): string {
  const hosts = attached.reduce((sum, mesh) => sum + mesh.hosts.total, 0);
  return `${countOf(hosts, 'host')} in ${countOf(attached.length, 'mesh', 'meshes')}`;
}

/** Hosts on which some pushed key has no effect, in words; empty where there are none. */
const shadowedOf = (attached: readonly Mesh[]): string =>
  withoutEffectText({
    withoutEffect: attached.reduce((sum, { hosts }) => sum + hosts.withoutEffect, 0),
    keysWithoutEffect: Math.max(0, ...attached.map(({ hosts }) => hosts.keysWithoutEffect)),
  });

/** The verdict where nothing is a concern. */
function hostsVerdict(attached: readonly Mesh[]): Verdict {
  const whole = wholeOf(attached);
  const connecting = attached.reduce((sum, mesh) => sum + mesh.hosts.connecting, 0);
  if (attached.length === 0)
    return { mark: { tone: 'absent', word: 'nothing attached' }, sentence: 'No mesh is attached now.' };
  if (connecting > 0) {
    return {
      mark: { tone: 'moving', word: 'connecting' },
      sentence: `${formatCount(connecting)} of ${whole} have not been heard yet.`,
    };
  }
  const shadowed = shadowedOf(attached);
  return shadowed === ''
    ? {
        mark: { tone: 'good', word: 'all well' },
        sentence: `All ${whole} are healthy and hold their config.`,
      }
    : {
        mark: { tone: 'good', word: 'all healthy' },
        sentence: `All ${whole} are healthy and hold their config, ${shadowed}.`,
      };
}

/** `unwell` are those that need a look; the whole is every proc that is looked after, those that are well included. */
function procSentences(unwell: readonly ProcMeshView[], all: readonly ProcMeshView[]): readonly string[] {
  const live = unwell.filter(({ state }) => !isEndState(state));
  const count = live.reduce((sum, { counts }) => sum + troubleOf(counts), 0);
  const total = all
    .filter(({ state }) => !isEndState(state))
    .reduce((sum, { counts }) => sum + counts.total, 0);
  const endedAs = (wanted: ProcMeshView['state']) => unwell.filter(({ state }) => state === wanted).length;
  const [failed, lost, spawns] = [endedAs('failed'), endedAs('lost'), endedAs('spawn_failed')];
  return [
    ...(count > 0
      ? [
          `${formatCount(count)} of ${countOf(total, 'proc')} failed or ${oneOrMany(count, 'is', 'are')} unknown.`,
        ]
      : []),
    ...(failed > 0 ? [`${countOf(failed, 'proc mesh', 'proc meshes')} failed.`] : []),
    ...(lost > 0 ? [`How ${countOf(lost, 'proc mesh', 'proc meshes')} ended is not known.`] : []),
    ...(spawns > 0 ? [`${countOf(spawns, 'spawn')} failed.`] : []),
  ];
}
