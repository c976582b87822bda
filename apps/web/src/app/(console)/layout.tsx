import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { LiveProvider } from '../../live/live-provider.tsx';
import { FreshnessNote } from '../../shell/live-chip.tsx';
import { OutageNote } from '../../shell/outage-note.tsx';
import { Rail } from '../../shell/rail.tsx';
import styles from '../../shell/shell.module.css';
import { THEME_COOKIE, parseTheme } from '../../shell/theme.ts';
import { TopBar } from '../../shell/top-bar.tsx';

/** The frame around every page but the sign-in. */
export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <LiveProvider>
      <a className={styles['skip']} href="#content">
        Skip to content
      </a>
      <div className={styles['shell']}>
        <TopBar theme={theme} />
        <Rail />
        <main id="content" className={styles['content']} tabIndex={-1}>
          <OutageNote />
          <FreshnessNote />
          {children}
        </main>
      </div>
    </LiveProvider>
  );
}
