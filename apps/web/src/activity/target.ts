import type { AuditEntry } from '@hostmesh/contract';
import { links } from '../links.ts';

/** Where the thing that an audit entry is about is shown; null when it has no page. */
export function targetHref({ action, target }: Pick<AuditEntry, 'action' | 'target'>): string | null {
  if (target === null) return null;
  // Written as the mesh's name and the attempt's id.
  const attemptId = target.split(' ').find((word) => word.startsWith('att_'));
  if (attemptId !== undefined) return links.attempt(attemptId);
  return action.startsWith('mesh.') ? links.mesh(target) : null;
}
