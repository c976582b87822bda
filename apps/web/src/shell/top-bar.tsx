'use client';

import { useId, useState } from 'react';
import { Icon } from '../ui/icon.tsx';
import { Popup } from '../ui/overlay/popup.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { LiveChip } from './live-chip.tsx';
import { Search } from './search.tsx';
import { applyTheme, themes, type Theme } from './theme.ts';
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

/** Dark, light or as the system says. */
function ThemeSwitch({ initial }: { initial: Theme }) {
  const [theme, setTheme] = useState(initial);
  const name = useId();
  function choose(next: Theme) {
    setTheme(next);
    applyTheme(next);
  }
  return (
    <Popup button={<Icon name="theme" />} label={`Theme: ${labels[theme].toLowerCase()}`} title="Theme">
      {themes.map((value) => (
        <label key={value}>
          <input type="radio" name={name} checked={theme === value} onChange={() => choose(value)} />
          {labels[value]}
        </label>
      ))}
    </Popup>
  );
}

const labels: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' };
