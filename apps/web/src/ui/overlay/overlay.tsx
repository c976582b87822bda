'use client';

import { Dialog } from 'radix-ui';
import type { ReactNode } from 'react';
import { Icon } from '../icon.tsx';
import { buttonClass } from '../button/button.tsx';
import styles from './overlay.module.css';

/**
 * A dialog over the page: focus stays inside, Escape closes it. The veil is our own, as the one of the library
 * writes a style element, which the content policy refuses.
 */
export function Overlay(props: {
  title: string;
  hideTitle?: boolean;
  /** `center` for decisions, `top` for search. */
  place?: 'center' | 'top';
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <div className={styles['veil']} aria-hidden="true" />
        <Dialog.Content
          className={styles['dialog']}
          data-place={props.place ?? 'center'}
          aria-describedby={undefined}
        >
          <div className={props.hideTitle ? 'unseen' : styles['head']}>
            <Dialog.Title className={styles['title']}>{props.title}</Dialog.Title>
            {!props.hideTitle && (
              <Dialog.Close className={buttonClass('quiet')} aria-label="Close">
                <Icon name="close" />
              </Dialog.Close>
            )}
          </div>
          {props.children}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
