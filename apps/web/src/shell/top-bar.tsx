import { AccountMenu } from './account-menu.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { LiveChip } from './live-chip.tsx';
import { Search } from './search.tsx';
import type { Theme } from './theme.ts';
import { ThemeSwitch } from './theme-switch.tsx';
import styles from './top-bar.module.css';

/** Where I am, search, how fresh the screen is, theme, account. */
export function TopBar({ theme }: { theme: Theme }) {
  return (
    <header className={styles['bar']}>
      <Breadcrumbs />
      <div className={styles['tools']}>
        <Search />
        <LiveChip />
        <ThemeSwitch initial={theme} />
        <AccountMenu />
      </div>
    </header>
  );
}
