import { callAllPages, type ApiFault } from '@hostmesh/client';
import { routes, type Mesh, type ProcMeshView } from '@hostmesh/contract';
import { fail, ok, type Result } from '@hostmesh/core';
import { InvalidArgumentError } from 'commander';
import { showFault, type Context } from './context.ts';
import type { ExitCode } from './exit-code.ts';

/** Ids that a message names. */
const MAX_NAMED = 5;

/** Runs `body` with the mesh of this id, or the only one of this name. */
export async function onMesh(
  context: Context,
  given: string,
  body: (mesh: Mesh) => Promise<ExitCode>,
): Promise<ExitCode> {
  const mesh = await findMesh(context, given);
  return mesh.ok ? body(mesh.value) : showFault(context, mesh.fault);
}

/** Runs `body` with the proc mesh of this id, or the only one of this name. */
export async function onProcMesh(
  context: Context,
  given: string,
  body: (procMesh: ProcMeshView) => Promise<ExitCode>,
): Promise<ExitCode> {
  const procMesh = await findProcMesh(context, given);
  return procMesh.ok ? body(procMesh.value) : showFault(context, procMesh.fault);
}

/** The mesh of this id, or the only one of this name; of several, the one that has not ended. */
export async function findMesh(context: Context, given: string): Promise<Result<Mesh, ApiFault>> {
  const found = await callAllPages(context.client, routes.listMeshes, { query: { q: given } });
  return found.ok ? pick('mesh', given, found.value, ({ endedAt }) => endedAt === null) : found;
}

/** As `findMesh`, for proc meshes. */
export async function findProcMesh(context: Context, given: string): Promise<Result<ProcMeshView, ApiFault>> {
  const query = { q: given };
  const found = await callAllPages(context.client, routes.listProcMeshes, { query });
  return found.ok ? pick('proc mesh', given, found.value, ({ endedAt }) => endedAt === null) : found;
}

function pick<Item extends { readonly id: string; readonly name: string }>(
  kind: string,
  given: string,
  items: readonly Item[],
  isLive: (item: Item) => boolean,
): Result<Item, ApiFault> {
  const named = items.filter(({ name }) => name === given);
  const live = named.filter(isLive);
  const candidates = live.length > 0 ? live : named;
  const only = items.find(({ id }) => id === given) ?? (candidates.length === 1 ? candidates[0] : undefined);
  if (only !== undefined) return ok(only);
  if (candidates.length === 0) return noSuch(`There is no ${kind} "${given}".`);
  const ids = candidates.slice(0, MAX_NAMED).map(({ id }) => id);
  const more = candidates.length > ids.length ? ', …' : '';
  return noSuch(`Several are named "${given}": give the id of one ${kind}: ${ids.join(', ')}${more}`);
}

/** A fault as the API's own for what is not there. */
export const noSuch = (message: string): { readonly ok: false; readonly fault: ApiFault } =>
  fail({ code: 'not_found', message, status: 404, problem: null });

/** Reads a rank on the command line: digits and nothing else, so that what is empty is no rank 0. */
export function readRank(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('A rank is a whole number.');
  return Number(text);
}
