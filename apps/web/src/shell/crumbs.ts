import { links } from '../links.ts';
import { isWithin, pages } from './pages.ts';

/** One step of the way to the current page; the label of a mesh or a proc mesh is its name, when that is known. */
export type Crumb =
  | { readonly kind: 'page'; readonly label: string; readonly href: string }
  | { readonly kind: 'mesh' | 'procMesh'; readonly id: string; readonly href: string };

/** The way from the overview to `pathname`. */
export function crumbsOf(pathname: string): readonly Crumb[] {
  const page = pages.find((page) => page.href !== '/' && isWithin(page, pathname));
  if (page === undefined) return [];
  const crumbs: Crumb[] = [{ kind: 'page', label: page.label, href: page.href }];
  const [, root, id, part, rank] = pathname.split('/').map(decodeURIComponent);
  if (pathname === links.orphans()) return [...crumbs, { kind: 'page', label: 'Orphans', href: pathname }];
  if (id === undefined) return crumbs;
  if (pathname === links.allProcs()) return [...crumbs, { kind: 'page', label: 'All procs', href: pathname }];
  if (`/${root}` === links.procMeshRoot()) {
    crumbs.push({ kind: 'procMesh', id, href: links.procMesh(id) });
    if (rank !== undefined) crumbs.push({ kind: 'page', label: `rank ${rank}`, href: pathname });
    return crumbs;
  }
  if (page.href !== links.meshes()) return [...crumbs, { kind: 'page', label: id, href: pathname }];
  crumbs.push({ kind: 'mesh', id, href: links.mesh(id) });
  if (part === 'hosts' && rank !== undefined)
    crumbs.push({ kind: 'page', label: `host ${rank}`, href: pathname });
  if (part === 'spawn') crumbs.push({ kind: 'page', label: 'Spawn procs', href: pathname });
  return crumbs;
}
