'use client';

import { usePathname } from 'next/navigation';
import { AppLink } from '../app-link.tsx';
import styles from './tabs.module.css';

/** Several ways to look at the same things, each a page; the one that is open is marked. */
export function Tabs(props: {
  label: string;
  tabs: readonly { readonly label: string; readonly href: string }[];
}) {
  const pathname = usePathname();
  return (
    <nav className={styles['tabs']} aria-label={props.label}>
      {props.tabs.map(({ label, href }) => (
        <AppLink key={href} href={href} aria-current={pathname === href ? 'page' : undefined}>
          {label}
        </AppLink>
      ))}
    </nav>
  );
}
