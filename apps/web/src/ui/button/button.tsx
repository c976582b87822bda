import type { ComponentProps } from 'react';
import { AppLink } from '../app-link.tsx';
import styles from './button.module.css';

/** `primary`: the one thing a page is for. `danger`: ends something. `quiet`: looks like text until pointed at. */
export type ButtonLook = 'primary' | 'plain' | 'quiet' | 'danger';

/** Class names of a button look, for elements that are buttons in another way. */
export const buttonClass = (look: ButtonLook): string => `${styles['button']} ${styles[look]}`;

/** A button; `type="button"` unless told otherwise. One that does nothing now says why: `whyDisabled`, null when it does. */
export function Button({
  look = 'plain',
  whyDisabled = null,
  ...rest
}: { look?: ButtonLook; whyDisabled?: string | null } & Omit<
  ComponentProps<'button'>,
  'className' | 'disabled'
>) {
  const { title = whyDisabled ?? undefined } = rest;
  return (
    <button
      type="button"
      {...rest}
      disabled={whyDisabled !== null}
      title={title}
      className={buttonClass(look)}
    />
  );
}

/** A link that looks like a button: it leads somewhere, it does nothing by itself. */
export function ButtonLink({
  look = 'plain',
  ...rest
}: { look?: ButtonLook } & Omit<ComponentProps<typeof AppLink>, 'className'>) {
  return <AppLink {...rest} className={buttonClass(look)} />;
}
