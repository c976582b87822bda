'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { links } from '../links.ts';
import { meshQuery } from '../queries/mesh-queries.ts';
import { procMeshQuery } from '../queries/proc-mesh-queries.ts';
import { AppLink } from '../ui/app-link.tsx';
import { isWithin, pages } from './pages.ts';
import styles from './top-bar.module.css';

/** Where I am; each step but the last is a link. */
export function Breadcrumbs() {
  const crumbs = crumbsOf(usePathname());
  return (
    <nav className={styles['crumbs']} aria-label="Breadcrumbs">
      <ol>
        <li>
          <AppLink href={links.overview()} className={styles['home']}>
            Hostmesh
          </AppLink>
        </li>
        {crumbs.map((crumb, index) => (
          <li key={crumb.href}>
            {index === crumbs.length - 1 ? (
              <span aria-current="page">
                <CrumbLabel crumb={crumb} />
              </span>
            ) : (
              <AppLink href={crumb.href}>
                <CrumbLabel crumb={crumb} />
              </AppLink>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}

function CrumbLabel({ crumb }: { crumb: Crumb }) {
  if (crumb.kind === 'page') return crumb.label;
  return crumb.kind === 'mesh' ? <MeshName id={crumb.id} /> : <ProcMeshName id={crumb.id} />;
}

function MeshName({ id }: { id: string }) {
  return useQuery(meshQuery(id)).data?.name ?? id;
}

function ProcMeshName({ id }: { id: string }) {
  return useQuery(procMeshQuery(id)).data?.name ?? id;
}

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
