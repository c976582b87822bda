import { callAllPages } from '@hostmesh/client';
import { inParallel } from '@hostmesh/core';
import { routes, type AttemptSummary, type Mesh, type MeshHost, type ProcMeshView } from '@hostmesh/contract';
import { queryOptions } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';

const RESULTS_PER_KIND = 6;
/** Hosts are searched mesh by mesh, in so many meshes at once, until there are enough of them. */
const MESHES_AT_ONCE = 6;

/** What a search found, by kind. */
export interface SearchResults {
  readonly meshes: readonly Mesh[];
  readonly procMeshes: readonly ProcMeshView[];
  readonly attempts: readonly AttemptSummary[];
  readonly hosts: readonly { readonly mesh: Mesh; readonly host: MeshHost }[];
}

/**
 * Meshes, proc meshes, attempts and hosts of attached meshes whose name, id or address contains `text`. While another
 * text is looked for there are no results: Enter must not open what the last one found.
 */
export const searchQuery = (text: string) =>
  queryOptions({
    queryKey: ['search', text],
    queryFn: ({ signal }) => search(text, signal),
    gcTime: 30_000,
  });

async function search(text: string, signal: AbortSignal): Promise<SearchResults> {
  const query = { q: text, limit: RESULTS_PER_KIND };
  const [meshes, procMeshes, attempts, hosts] = await Promise.all([
    valueOf(client.call(routes.listMeshes, { query, signal })),
    valueOf(client.call(routes.listProcMeshes, { query, signal })),
    valueOf(client.call(routes.listAttempts, { query, signal })),
    text === '' ? [] : searchHosts(text, signal),
  ]);
  return { meshes: meshes.items, procMeshes: procMeshes.items, attempts: attempts.items, hosts };
}

async function searchHosts(text: string, signal: AbortSignal): Promise<SearchResults['hosts']> {
  const attached = await valueOf(
    callAllPages(client, routes.listMeshes, { query: { state: 'attached' }, signal }),
  );
  const found = new Map<string, SearchResults['hosts']>();
  let count = 0;
  await inParallel(attached, MESHES_AT_ONCE, async (mesh) => {
    if (count >= RESULTS_PER_KIND) return;
    const query = { q: text, limit: RESULTS_PER_KIND };
    const page = await valueOf(client.call(routes.listMeshHosts, { params: { id: mesh.id }, query, signal }));
    count += page.items.length;
    found.set(
      mesh.id,
      page.items.map((host) => ({ mesh, host })),
    );
  });
  return attached.flatMap(({ id }) => found.get(id) ?? []);
}
