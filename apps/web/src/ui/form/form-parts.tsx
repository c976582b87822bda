import type { ReactNode } from 'react';
import styles from './form.module.css';

/** A labelled field with its hint and its error; `children` gets the ids to tie to the control. */
export function Field(props: {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  /** As wide as text goes. */
  wide?: boolean;
  children: (described: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ReactNode;
}) {
  const note = `${props.id}-note`;
  return (
    <div className={styles['field']} data-wide={props.wide}>
      <label htmlFor={props.id}>{props.label}</label>
      {props.children({ id: props.id, 'aria-describedby': note, 'aria-invalid': props.error !== undefined })}
      <p id={note} className={styles['note']} data-wrong={props.error !== undefined || undefined}>
        {props.error ?? props.hint}
      </p>
    </div>
  );
}

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
