import { instanceId, printResourceId, type ProcMeshId, type ResourceId } from '../id/resource-id.ts';
import { stripLabel } from '../text/label.ts';

const MAX_LABEL = 63;

/**
 * The id of the proc of a mesh at a create rank (reference 9.2): everybody derives the same one, so none is sent. Its
 * number is the FNV-1a hash of the mesh's id and the rank, where the reference relies on the hash of its own build.
 */
export function procIdOf(mesh: ProcMeshId, createRank: number): ResourceId<'proc'> {
  const { uid } = mesh;
  // Cut before the rank is added: procs of a singleton mesh differ in nothing but that.
  const suffix = `-${createRank}`;
  const label = stripLabel(`${(uid.label ?? 'unnamed').slice(0, MAX_LABEL - suffix.length)}${suffix}`);
  if (uid.kind === 'singleton') return { kind: 'proc', uid: { kind: 'singleton', label } };
  return instanceId('proc', label, fnv1a64(`${printResourceId(mesh)}/${createRank}`));
}

function fnv1a64(text: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  }
  return hash;
}
