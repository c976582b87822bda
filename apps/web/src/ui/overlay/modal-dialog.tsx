'use client';

import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { Button, buttonClass } from '../button/button.tsx';
import { Icon } from '../icon.tsx';
import styles from './overlay.module.css';

/**
 * A dialog over the page, the browser's own: the page behind it is inert, Escape and a press beside it close it,
 * and the focus goes back to where it was.
 */
export function ModalDialog(props: {
  title: string;
  hideTitle?: boolean;
  /** `center` for decisions, `top` for search. */
  place?: 'center' | 'top';
  onClose: () => void;
  children: ReactNode;
}) {
  const { onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the element leaves the document: only a dialog that is closed gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles['dialog']}
      data-place={props.place ?? 'center'}
      aria-label={props.title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={(event) => !event.currentTarget.open && onClose()}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <div className={styles['content']}>
        {!props.hideTitle && (
          <div className={styles['head']}>
            <h2>{props.title}</h2>
            <button type="button" className={buttonClass('quiet')} aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          </div>
        )}
        {props.children}
      </div>
    </dialog>
  );
}

/** Reports how an operation went that a dialog asked for; there is nothing to decide, only to close. */
export const ReportDialog = (props: { title: string; onClose: () => void; children: ReactNode }) => (
  <ModalDialog title={props.title} onClose={props.onClose}>
    <div className={styles['body']}>
      {props.children}
      <div className={styles['foot']}>
        <Button look="primary" onClick={props.onClose}>
          Close
        </Button>
      </div>
    </div>
  </ModalDialog>
);
