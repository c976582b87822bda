'use client';

import { usePathname } from 'next/navigation';
import { AppLink } from '../ui/app-link.tsx';
import { Icon } from '../ui/icon.tsx';
import { isWithin, pages } from './pages.ts';
import styles from './rail.module.css';

/** The pages: a rail on the left that folds to icons on middling screens, a bar at the bottom on narrow ones. */
export function Rail() {
  const pathname = usePathname();
  return (
    <nav className={styles['rail']} aria-label="Pages">
      <ul>
        {pages.map((page) => (
          <li key={page.href}>
            <AppLink
              href={page.href}
              className={styles['entry']}
              aria-current={isWithin(page, pathname) ? 'page' : undefined}
            >
              <Icon name={page.icon} />
              <span className={styles['label']}>{page.label}</span>
            </AppLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
