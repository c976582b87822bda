import { routes } from '@hostmesh/contract';
import { countOf, formatCount } from '@hostmesh/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { client, valueOf } from '../api/client.ts';

type Counted = 'attempts' | 'procMeshes';

const counted = {
  attempts: { route: routes.listAttempts, noun: ['attempt', 'attempts'] },
  procMeshes: { route: routes.listProcMeshes, noun: ['proc mesh', 'proc meshes'] },
} as const;

/** How many there are, whatever a page of them holds; read again when that changes. */
const totalQuery = (of: Counted, shown: number) =>
  queryOptions({
    queryKey: ['total', of, shown],
    queryFn: async ({ signal }) => {
      const page = client.call(counted[of].route, { query: { limit: 1 }, signal });
      return (await valueOf(page)).total ?? null;
    },
  });

/** Says under which part of a list a table holds; nothing where it holds the whole, or that is not known. */
export function CutNote({ of, shown }: { of: Counted; shown: number }) {
  const total = useQuery(totalQuery(of, shown)).data;
  if (total === undefined || total === null || total <= shown) return null;
  const [one, many] = counted[of].noun;
  return (
    <p role="note" className="quiet">
      The newest {formatCount(shown)} of {countOf(total, one, many)}. Older ones are found by the search above
      (<kbd>/</kbd>), or with <code>--all</code> on the command line.
    </p>
  );
}
