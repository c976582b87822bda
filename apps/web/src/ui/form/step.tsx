import type { ReactNode } from 'react';
import styles from './form.module.css';

/** One of the steps of a form; they all stay visible. */
export function FormStep({
  number,
  title,
  children,
}: {
  number: number;
  title: string;
  children: ReactNode;
}) {
  return (
    <section className={styles['step']} aria-labelledby={`step-${number}`}>
      <h2 id={`step-${number}`}>
        <span className="quiet">{number}</span> {title}
      </h2>
      <div className={styles['fields']}>{children}</div>
    </section>
  );
}
