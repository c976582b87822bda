'use client';

import { useLayoutEffect, type ReactNode } from 'react';
import { buttonClass } from '../button/button.tsx';
import { Icon } from '../icon.tsx';
import { useNavigate } from '../navigation/use-navigate.ts';
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
  wide = false,
  children,
}: {
  title: ReactNode;
  closeHref: string;
  /** For what needs room, as logs do. */
  wide?: boolean;
  children: ReactNode;
}) {
  const { pushBeside } = useNavigate();
  // Before it is painted: a panel that can be seen can be closed.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A menu or dialog that is open takes the key for itself.
      if (
        event.key !== 'Escape' ||
        event.defaultPrevented ||
        document.querySelector('dialog[open], :popover-open') !== null
      )
        return;
      pushBeside(closeHref);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [pushBeside, closeHref]);
  return (
    <aside className={styles['panel']} data-wide={wide || undefined} aria-labelledby="side-panel-title">
      <div className={styles['head']}>
        <h2 id="side-panel-title">{title}</h2>
        <button
          type="button"
          className={buttonClass('quiet')}
          aria-label="Close panel"
          onClick={() => pushBeside(closeHref)}
        >
          <Icon name="close" />
        </button>
      </div>
      {children}
    </aside>
  );
}
