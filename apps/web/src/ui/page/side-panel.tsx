'use client';

import { useRouter } from 'next/navigation';
import { useEffect, type ReactNode } from 'react';
import { buttonClass } from '../button/button.tsx';
import { Icon } from '../icon.tsx';
import styles from './side-panel.module.css';

/** A list with room for a panel beside it; the panel takes the screen on narrow ones. */
export const Split = ({ children, panel }: { children: ReactNode; panel: ReactNode }) => (
  <div className={styles['split']}>
    <div className={styles['list']}>{children}</div>
    {panel}
  </div>
);

/**
 * Details of one thing beside the list it is from, under its own URL. Closing, also with Escape, goes back to the
 * list as it was: filter and sorting stay in the URL.
 */
export function SidePanel({
  title,
  closeHref,
  children,
}: {
  title: ReactNode;
  closeHref: string;
  children: ReactNode;
}) {
  const router = useRouter();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A menu or dialog that is open takes the key for itself.
      if (
        event.key !== 'Escape' ||
        event.defaultPrevented ||
        document.querySelector('dialog[open], :popover-open') !== null
      )
        return;
      router.push(closeHref + window.location.search, { scroll: false });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [router, closeHref]);
  return (
    <aside className={styles['panel']} aria-labelledby="side-panel-title">
      <div className={styles['head']}>
        <h2 id="side-panel-title">{title}</h2>
        <button
          type="button"
          className={buttonClass('quiet')}
          aria-label="Close panel"
          onClick={() => router.push(closeHref + window.location.search, { scroll: false })}
        >
          <Icon name="close" />
        </button>
      </div>
      {children}
    </aside>
  );
}
