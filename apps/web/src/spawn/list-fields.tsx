'use client';

import type { ReactNode } from 'react';
import { Button } from '../ui/button/button.tsx';
import form from '../ui/form/form.module.css';
import { useRowFocus } from '../ui/form/use-row-focus.ts';
import { withItem, type Item } from './form.ts';
import styles from './spawn.module.css';

/** What a row ties to its inputs: the id of its note, if it has one, and which of them is wrong. */
export interface RowNote {
  readonly id: string;
  /** What is wrong with the row. */
  readonly error: string | undefined;
  /** What else is to be known of it. */
  readonly hint?: string | undefined;
}

/** A list of rows that can be added and removed; the focus goes along. */
export function ListFields<I extends Item>(props: {
  readonly legend: string;
  readonly hint?: ReactNode;
  readonly add: string;
  readonly items: readonly I[];
  /** A row that was just added. */
  readonly blank: Omit<I, 'id'>;
  readonly onChange: (items: readonly I[]) => void;
  /** Below the rows: what is wrong with all of them together. */
  readonly error?: string | undefined;
  readonly row: (item: I, index: number) => Row;
}) {
  const { items, onChange } = props;
  const { list, focusRow } = useRowFocus<HTMLFieldSetElement>();
  return (
    <fieldset ref={list} className={styles['list']}>
      <legend>{props.legend}</legend>
      {props.hint !== undefined && <p className={form['note']}>{props.hint}</p>}
      {items.map((item, index) => {
        const { name, note, inputs } = props.row(item, index);
        const text = note.error ?? note.hint;
        return (
          <div key={item.id} data-row className={styles['row']}>
            {inputs}
            <Button
              look="quiet"
              aria-label={`Remove ${name}`}
              onClick={() => {
                focusRow(index);
                onChange(items.filter(({ id }) => id !== item.id));
              }}
            >
              Remove
            </Button>
            {text !== undefined && (
              <p id={note.id} className={form['note']} data-wrong={note.error !== undefined || undefined}>
                {text}
              </p>
            )}
          </div>
        );
      })}
      {props.error !== undefined && (
        <p role="alert" className={form['note']} data-wrong>
          {props.error}
        </p>
      )}
      <Button
        data-add
        onClick={() => {
          focusRow(items.length);
          onChange(withItem(items, props.blank));
        }}
      >
        {props.add}
      </Button>
    </fieldset>
  );
}

export interface Row {
  /** What its `Remove` is told apart by. */
  readonly name: string;
  readonly note: RowNote;
  readonly inputs: ReactNode;
}

/** What every input of a row has; `isWrong` marks it. */
export const rowInput = ({ id, error, hint }: RowNote, isWrong: boolean) => ({
  className: form['control'],
  'aria-invalid': isWrong,
  'aria-describedby': (error ?? hint) === undefined ? undefined : id,
  spellCheck: false,
  autoComplete: 'off',
});

/** A list with one item changed. */
export const withChange = <I extends Item>(items: readonly I[], id: number, part: Partial<I>): readonly I[] =>
  items.map((one) => (one.id === id ? { ...one, ...part } : one));
