'use client';

import type { ReactNode } from 'react';
import { AppLink } from '../app-link.tsx';
import styles from './failure-groups.module.css';
import { useNavigate } from '../navigation/use-navigate.ts';
import { Section } from './page-header.tsx';

/** Failures by cause, biggest first: a list of `FailureGroupItem`. */
export const FailureGroups = ({ children }: { children: ReactNode }) => (
  <Section title="What went wrong">
    <ul className={styles['groups']}>{children}</ul>
  </Section>
);

/** Goes to the table that the link filters: it may be below what is in view. */
function goToRows(): void {
  const table = document.querySelector<HTMLElement>('[data-rows]');
  table?.scrollIntoView({ block: 'start' });
  table?.focus({ preventScroll: true });
}

/** One cause: what it is, how many it concerns as a link to those, and in `children` more about it. */
export function FailureGroupItem(props: {
  cause: ReactNode;
  href: string;
  count: ReactNode;
  children: ReactNode;
}) {
  const navigate = useNavigate();
  function show(href: string) {
    navigate.replace(href, { scroll: false });
    goToRows();
  }
  return (
    <li>
      <div className={styles['head']}>
        {props.cause}
        <AppLink href={props.href} onFollow={show}>
          {props.count}
        </AppLink>
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
