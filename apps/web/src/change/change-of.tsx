import { changeOfText, type ChangeOf } from '@hostmesh/contract';
import { usePathname } from 'next/navigation';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';

/** What a change is of, as a link to its page where it has one that is not this one. */
export function ChangeOfLink({ of }: { of: ChangeOf }) {
  const here = usePathname();
  const href = changeHref(of);
  const text = changeOfText(of);
  return href === null || href === here ? text : <AppLink href={href}>{text}</AppLink>;
}

/** Where the thing that a change is of is shown; null when it has no page, or is not kept any more. */
export function changeHref(of: ChangeOf): string | null {
  switch (of.kind) {
    case 'host':
      return of.address === null ? null : links.meshHost(of.meshId, of.rank);
    case 'mesh':
      return of.mesh === null ? null : links.mesh(of.meshId);
    case 'attempt':
      return of.mesh === null ? null : links.attempt(of.attemptId);
    case 'proc_mesh':
      return of.procMesh === null ? null : links.procMesh(of.procMeshId);
    case 'orphan':
      return of.mesh === null ? null : links.mesh(of.meshId);
    case 'engine':
      return null;
  }
}
