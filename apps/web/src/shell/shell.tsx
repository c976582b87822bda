import type { ReactNode } from 'react';
import { LiveProvider } from '../live/live-provider.tsx';
import { FreshnessNote } from './freshness-note.tsx';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';
import type { Theme } from './theme.ts';
import { TopBar } from './top-bar.tsx';

/** The frame around every page but the sign-in. */
export function Shell({ theme, children }: { theme: Theme; children: ReactNode }) {
  return (
    <LiveProvider>
      <a className={styles['skip']} href="#content">
        Skip to content
      </a>
      <div className={styles['shell']}>
        <TopBar theme={theme} />
        <Rail />
        <main id="content" className={styles['content']} tabIndex={-1}>
          <FreshnessNote />
          {children}
        </main>
      </div>
    </LiveProvider>
  );
}
