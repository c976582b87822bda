'use client';

import type { ReactNode } from 'react';
import { Button } from '../ui/button/button.tsx';
import styleOfForm from '../ui/form/form.module.css';
import { useRowFocus } from '../ui/form/use-row-focus.ts';
import { rowError, type FieldErrors } from './check-form.ts';
import { withItem, type Item } from './rows.ts';
import { spawnFields } from './spawn-fields.ts';
import type { FieldName } from './spawn-form.ts';
import styles from './spawn.module.css';

/** What an input of a row gets: its value, its name for screen readers, and whether it is wrong. */
export type RowInput<Row extends Item> = (
  input: Exclude<keyof Row, 'id'> & string,
  label: string,
  placeholder?: string,
) => ReturnType<typeof propsOfInput>;

/** A list of rows that can be added and removed; the focus goes along, and each row says what is wrong with it. */
export function ListInput<Row extends Item>(props: {
  readonly field: FieldName;
  readonly errors: FieldErrors;
  readonly hint?: ReactNode;
  readonly add: string;
  readonly rows: readonly Row[];
  /** A row that was just added. */
  readonly blank: Omit<Row, 'id'>;
  readonly onRows: (rows: readonly Row[]) => void;
  /** What a row's `Remove` is told apart by. */
  readonly nameOf: (row: Row, index: number) => string;
  /** What else is to be known of a row that is not wrong. */
  readonly hintOf?: (row: Row) => string | undefined;
  readonly children: (input: RowInput<Row>, row: Row, index: number) => ReactNode;
}) {
  const { field, errors, rows, onRows } = props;
  const { list, focusRow } = useRowFocus<HTMLFieldSetElement>();
  return (
    <fieldset ref={list} className={styles['list']}>
      <legend>{spawnFields[field].label}</legend>
      {props.hint !== undefined && <p className={styleOfForm['note']}>{props.hint}</p>}
      {rows.map((row, index) => {
        const at = `${field}.${row.id}`;
        const error = rowError(errors, at);
        const note = error ?? props.hintOf?.(row);
        return (
          <div key={row.id} data-row className={styles['row']}>
            {props.children(
              (input, label, placeholder) =>
                propsOfInput({
                  label,
                  placeholder,
                  value: row[input],
                  note: note === undefined ? undefined : at,
                  isWrong: errors[`${at}.${input}`] !== undefined,
                  onText: (text) =>
                    onRows(rows.map((one) => (one.id === row.id ? { ...one, [input]: text } : one))),
                }),
              row,
              index,
            )}
            <Button
              look="quiet"
              aria-label={`Remove ${props.nameOf(row, index)}`}
              onClick={() => {
                focusRow(index);
                onRows(rows.filter(({ id }) => id !== row.id));
              }}
            >
              Remove
            </Button>
            {note !== undefined && (
              <p id={at} className={styleOfForm['note']} data-wrong={error !== undefined || undefined}>
                {note}
              </p>
            )}
          </div>
        );
      })}
      {errors[field] !== undefined && (
        <p role="alert" className={styleOfForm['note']} data-wrong>
          {errors[field]}
        </p>
      )}
      <Button
        data-add
        onClick={() => {
          focusRow(rows.length);
          onRows(withItem(rows, props.blank));
        }}
      >
        {props.add}
      </Button>
    </fieldset>
  );
}

const propsOfInput = (input: {
  readonly label: string;
  readonly placeholder: string | undefined;
  /** A text, or null when it is not known. */
  readonly value: unknown;
  readonly note: string | undefined;
  readonly isWrong: boolean;
  readonly onText: (text: string) => void;
}) => ({
  className: styleOfForm['control'],
  'aria-label': input.label,
  'aria-invalid': input.isWrong,
  'aria-describedby': input.note,
  placeholder: input.placeholder,
  value: typeof input.value === 'string' ? input.value : '',
  spellCheck: false,
  autoComplete: 'off',
  onChange: (event: { target: { value: string } }) => input.onText(event.target.value),
});
