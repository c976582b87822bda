import type { ReactNode } from 'react';
import styles from './failure-groups.module.css';
import { Section } from './page-header.tsx';
import { RowsLink } from './rows-link.tsx';

/** Failures by cause, biggest first: a list of `FailureGroupItem`. */
export const FailureGroups = ({ children }: { children: ReactNode }) => (
  <Section title="What went wrong">
    <ul className={styles['groups']}>{children}</ul>
  </Section>
);

/** One cause: what it is, how many it concerns as a link to those, and in `children` more about it. */
export function FailureGroupItem(props: {
  cause: ReactNode;
  href: string;
  count: ReactNode;
  children: ReactNode;
}) {
  return (
    <li>
      <div className={styles['head']}>
        {props.cause}
        <RowsLink href={props.href}>{props.count}</RowsLink>
      </div>
      {props.children}
    </li>
  );
}

/** What a cause usually means, and what to try. */
export const AdviceText = ({ advice }: { advice: { meaning: string; tryThis: string } | null }) =>
  advice !== null && (
    <p className="quiet">
      {advice.meaning} {advice.tryThis}
    </p>
  );
