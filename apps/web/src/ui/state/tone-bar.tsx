import type { AriaAttributes, ReactNode } from 'react';
import { RowsLink } from '../page/rows-link.tsx';
import type { Tone } from './mark.ts';
import { Shape } from './state-mark.tsx';
import styles from './tone-bar.module.css';

/** So many of the whole are in a state of this tone; each tone occurs once in a bar. */
export interface Share {
  readonly tone: Tone;
  readonly count: number;
}

/** Where the parts of a whole are: a bar of the colours of their states, and below it `children`, the counts in words. */
export function ToneBar({
  shares,
  total,
  children,
  ...spoken
}: AriaAttributes & {
  role: 'img' | 'progressbar';
  shares: readonly Share[];
  total: number;
  children: ReactNode;
}) {
  return (
    <div className={styles['progress']}>
      <div className={styles['bar']} {...spoken}>
        {shares
          .filter(({ count }) => count > 0)
          .map(({ tone, count }) => (
            // SVG takes its width from an attribute, which the content policy allows where a style is refused.
            <svg
              key={tone}
              width={`${(count / total) * 100}%`}
              height="8"
              data-tone={tone}
              aria-hidden="true"
            >
              <rect width="100%" height="8" fill="currentColor" />
            </svg>
          ))}
      </div>
      <ul className={styles['counts']}>{children}</ul>
    </div>
  );
}

/** How many are in a state; leads to the table below with the filter that shows them. */
export const CountLink = (props: { tone: Tone; href: string; children: ReactNode }) => (
  <li>
    <RowsLink href={props.href}>
      <Shape tone={props.tone} /> {props.children}
    </RowsLink>
  </li>
);
