import type { Mark, Tone } from './mark.ts';
import styles from './state-mark.module.css';

/**
 * Shape, word and colour of a state. `bare` leaves the word to the screen reader, for dense places; `past` is a state
 * that something was in, of which nothing moves any more.
 */
export function StateMark({
  mark,
  bare = false,
  large = false,
  past = false,
}: {
  mark: Mark;
  bare?: boolean;
  large?: boolean;
  past?: boolean;
}) {
  return (
    <span
      className={styles['mark']}
      data-tone={mark.tone}
      data-large={large || undefined}
      data-past={past || undefined}
    >
      <Shape tone={mark.tone} />
      <span className={bare ? 'unseen' : undefined}>{mark.word}</span>
    </span>
  );
}

/** The shape alone; whatever it stands beside says the word. */
export function Shape({ tone }: { tone: Tone }) {
  return (
    <svg className={styles['shape']} data-tone={tone} viewBox="0 0 12 12" aria-hidden="true">
      {shapes[tone]}
    </svg>
  );
}

const shapes: Record<Tone, React.ReactNode> = {
  good: <circle cx="6" cy="6" r="5" fill="currentColor" />,
  moving: (
    <g fill="none" stroke="currentColor" strokeWidth="2">
      <circle cx="6" cy="6" r="4.5" opacity="0.35" />
      <path className={styles['spin']} d="M6 1.5A4.5 4.5 0 0 1 10.5 6" strokeLinecap="round" />
    </g>
  ),
  ending: (
    <>
      <path d="M6 1a5 5 0 0 1 0 10z" fill="currentColor" />
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" />
    </>
  ),
  ended: (
    <rect x="1.75" y="1.75" width="8.5" height="8.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
  ),
  failed: (
    <>
      <rect x="0.5" y="0.5" width="11" height="11" rx="1" fill="currentColor" />
      <path d="M3.5 3.5l5 5m0-5l-5 5" stroke="var(--n1)" strokeWidth="1.6" />
    </>
  ),
  timeout: <path d="M6 0.8L11.7 11H0.3z" fill="currentColor" />,
  unknown: (
    <circle
      cx="6"
      cy="6"
      r="4.6"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeDasharray="2.9 1.9"
    />
  ),
  absent: <circle cx="6" cy="6" r="1.8" fill="currentColor" />,
};
