'use client';

import { usePathname } from 'next/navigation';
import { links } from '../links.ts';
import { AppLink } from '../ui/app-link.tsx';
import styles from './proc.module.css';

const tabs = [
  { label: 'Proc meshes', href: links.procMeshes() },
  { label: 'All procs', href: links.allProcs() },
  { label: 'Orphans', href: links.orphans() },
];

/** The three ways to look at procs: mesh by mesh, all of them, and those that nobody accounts for. */
export function ProcTabs() {
  const pathname = usePathname();
  return (
    <nav className={styles['tabs']} aria-label="Procs">
      {tabs.map(({ label, href }) => (
        <AppLink key={href} href={href} aria-current={pathname === href ? 'page' : undefined}>
          {label}
        </AppLink>
      ))}
    </nav>
  );
}
