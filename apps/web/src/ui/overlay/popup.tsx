import { useId, type ReactNode } from 'react';
import { buttonClass } from '../button/button.tsx';
import styles from './popup.module.css';

/**
 * A button and what floats below it when it is pressed. The browser's own popover: a press elsewhere or Escape
 * closes it, and the focus goes back to the button.
 */
export function Popup(props: {
  /** What the button shows; `label` names it when that is only a drawing. */
  button: ReactNode;
  label?: string;
  /** What the floating part is, for screen readers. */
  title: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className={buttonClass('quiet')}
        popoverTarget={id}
        aria-label={props.label}
        title={props.label}
      >
        {props.button}
      </button>
      <div id={id} popover="auto" role="group" aria-label={props.title} className={styles['popup']}>
        {props.children}
      </div>
    </>
  );
}
