'use client';

import { useQuery } from '@tanstack/react-query';
import { AppLink } from '../ui/app-link.tsx';
import { usePathname } from 'next/navigation';
import { links } from '../links.ts';
import { meshQuery } from '../queries/mesh-queries.ts';
import { procMeshQuery } from '../queries/proc-mesh-queries.ts';
import { crumbsOf, type Crumb } from './crumbs.ts';
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
