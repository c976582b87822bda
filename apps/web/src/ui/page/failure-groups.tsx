import type { ReactNode } from 'react';
import { AppLink } from '../app-link.tsx';
import styles from './failure-groups.module.css';
import { Section } from './page-header.tsx';

/** Failures by cause, biggest first: a list of `FailureGroupItem`. */
export const FailureGroups = ({ children }: { children: ReactNode }) => (
  <Section title="What went wrong">
    <ul className={styles['groups']}>{children}</ul>
  </Section>
);

/** One cause: what it is, how many it concerns as a link to those, and in `children` more about it. */
export const FailureGroupItem = (props: {
  cause: ReactNode;
  href: string;
  count: ReactNode;
  children: ReactNode;
}) => (
  <li>
    <div className={styles['head']}>
      {props.cause}
      <AppLink replace scroll={false} href={props.href}>
        {props.count}
      </AppLink>
    </div>
    {props.children}
  </li>
);

/** What a cause usually means, and what to try. */
export const AdviceText = ({ advice }: { advice: { meaning: string; tryThis: string } | null }) =>
  advice !== null && (
    <p className="quiet">
      {advice.meaning} {advice.tryThis}
    </p>
  );
