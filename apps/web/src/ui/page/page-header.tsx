import type { ReactNode } from 'react';
import type { Mark } from '../state/mark.ts';
import { StateMark } from '../state/state-mark.tsx';
import styles from './page.module.css';

/** What the tab is called while a page is shown: of each page, or of the layout that shows it, there is one. */
export const PageTitle = ({ children }: { children: string }) => <title>{`${children} · Hostmesh`}</title>;

/**
 * What a page answers first: the noun, its state as shape and word, one sentence of plain language, and on the
 * right what can be done.
 */
export function PageHeader(props: {
  noun: ReactNode;
  mark?: Mark | undefined;
  sentence?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <header className={styles['header']}>
      <div className={styles['headline']}>
        <h1>{props.noun}</h1>
        {props.mark !== undefined && <StateMark mark={props.mark} large />}
      </div>
      {props.actions !== undefined && <div className={styles['actions']}>{props.actions}</div>}
      {props.sentence !== undefined && <p className={styles['sentence']}>{props.sentence}</p>}
    </header>
  );
}

/** One fact: its name and what it is. */
export type Fact = readonly [name: string, value: ReactNode];

/** The facts of a thing as a compact definition list; a fact whose value is null is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className={styles['facts']}>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={styles['section']}>
      <div className={styles['sectionHead']}>
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
