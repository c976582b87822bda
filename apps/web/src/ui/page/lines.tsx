import type { ReactNode } from 'react';
import { AppLink } from '../app-link.tsx';
import type { Mark } from '../state/mark.ts';
import { StateMark } from '../state/state-mark.tsx';
import styles from './lines.module.css';

/** A short list of things in words; for anything long or to be compared there is the table. */
export const Lines = ({ children }: { children: ReactNode }) => (
  <ul className={styles['lines']}>{children}</ul>
);

/** One thing: its state, its name as a link, a sentence, and what stands at the end (a time, an action). */
export function LineItem(props: {
  mark: Mark;
  href: string;
  name: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className={styles['line']}>
      <StateMark mark={props.mark} />
      <div className={styles['text']}>
        <AppLink href={props.href} className={styles['name']}>
          {props.name}
        </AppLink>
        <span>{props.children}</span>
      </div>
      <div className={styles['aside']}>{props.aside}</div>
    </li>
  );
}
