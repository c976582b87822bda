import type { SpawnRequest } from '@hostmesh/contract';
import type { SpawnRefusal } from '@hostmesh/host-mesh';
import type { FieldError } from '../../problem/route-fault.ts';

/** The fields of a request that hosts cannot follow, each with what they say and how many do. */
export function refusedFields(
  request: Pick<SpawnRequest, 'perRank'>,
  refusals: readonly SpawnRefusal[],
): readonly FieldError[] {
  const fieldOf = (rank: number, code: string): string => {
    if (code === 'bind_unavailable') return 'procBind';
    return request.perRank?.[rank]?.program === undefined ? 'command.program' : `perRank.${rank}.program`;
  };
  const said = refusals.flatMap(({ ranks, ...refusal }) =>
    [...new Set(ranks.map((rank) => fieldOf(rank, refusal.code)))].map((field) => ({ ...refusal, field })),
  );
  const alike = Map.groupBy(said, ({ field, message }) => `${field} ${message}`);
  return [...alike.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const also =
      others.length === 0 ? '' : ` and ${others.length} other host${others.length === 1 ? '' : 's'}`;
    return [{ field: first.field, message: `${first.message} (${first.address}${also})` }];
  });
}
