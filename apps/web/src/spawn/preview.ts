import {
  concatExtents,
  extentOf,
  numRanks,
  ownEnvironment,
  pointOfRank,
  printPoint,
  stripLabel,
} from '@hostmesh/core';
import { variablesOf, overrideOf, perHostOf, rankOf } from './rows.ts';
import type { SpawnForm } from './spawn-form.ts';

/** One rank as it will be started. */
export interface RankPreview {
  readonly rank: number;
  readonly host: string;
  readonly point: string;
  /** The first part of its id; the spawn adds a random number. */
  readonly label: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What we and the form add to the environment, in that order. */
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly isOverridden: boolean;
}

export interface SpawnPreview {
  readonly hosts: number;
  readonly slots: number;
  readonly total: number;
  readonly first: readonly RankPreview[];
}

/** What a spawn makes on a mesh with these hosts: how many procs, and the first of them in detail (reference 9.1, 9.2). */
export function previewSpawn(
  form: SpawnForm,
  meshExtent: Readonly<Record<string, number>>,
  hosts: readonly string[],
  shown: readonly number[],
): SpawnPreview {
  const perHost = extentOf(perHostOf(form.dims));
  const slots = numRanks(perHost);
  const total = hosts.length * slots;
  const extent = concatExtents(extentOf(meshExtent), perHost);
  const first = shown
    .filter((rank) => rank < total)
    .map((rank): RankPreview => {
      const hostRank = Math.floor(rank / slots);
      const at = extent.ok ? pointOfRank(extent.value, rank) : null;
      const point = at?.ok ? printPoint(at.value) : '';
      const override = form.overrides.find((one) => rankOf(one.rank) === String(rank));
      const differs = override === undefined ? {} : overrideOf(override);
      return {
        rank,
        host: hosts[hostRank] ?? '',
        point,
        label: labelOf(form.name, rank),
        program: differs.program ?? form.program.trim(),
        args: differs.args ?? form.args.map(({ text }) => text),
        env: [
          ...Object.entries(ownEnvironment({ rank, hostRank, numRanks: total, point })),
          ...Object.entries({ ...variablesOf(form.env), ...differs.env }),
        ],
        isOverridden: override !== undefined,
      };
    });
  return { hosts: hosts.length, slots, total, first };
}

/** Until a name is typed, only the rank in an id is known. */
const labelOf = (name: string, rank: number): string =>
  name.trim() === '' ? `…-${rank}` : stripLabel(`${stripLabel(name)}-${rank}`);

const FIRST = 4;

/** The ranks worth showing: the first ones, and those that differ. */
export const ranksToShow = (form: SpawnForm): readonly number[] => {
  const overridden = form.overrides.map(({ rank }) => rankOf(rank)).filter((rank) => /^\d{1,9}$/.test(rank));
  const first = Array.from({ length: FIRST }, (_, rank) => rank);
  return [...new Set([...first, ...overridden.map(Number)])].sort((a, b) => a - b).slice(0, 2 * FIRST);
};
