import { links } from '../links.ts';

/** Where the thing that an audit entry names is shown; null when it has no page. Ids tell by their prefix. */
export function targetHref(target: string): string | null {
  if (target.startsWith('att_')) return links.attempt(target);
  if (target.startsWith('mesh_')) return links.mesh(target);
  return null;
}
