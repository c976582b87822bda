'use client';

import { rowErrors } from './field-path.ts';
import type { FieldsProps } from './fields.ts';
import { ListFields, rowInput, withChange } from './list-fields.tsx';

/** The arguments, one by one, as the program gets them. */
export function ArgumentFields({ form, errors, onChange }: FieldsProps) {
  const { args } = form;
  return (
    <ListFields
      legend="Arguments"
      add="Add an argument"
      items={args}
      blank={{ text: '' }}
      onChange={(changed) => onChange({ args: changed })}
      row={({ id, text }, index) => {
        const note = { id: `arg-${id}`, error: rowErrors(errors, `args.${id}`).message };
        return {
          name: `argument ${index + 1}`,
          note,
          inputs: (
            <input
              {...rowInput(note, note.error !== undefined)}
              aria-label={`Argument ${index + 1}`}
              value={text}
              onChange={(event) => onChange({ args: withChange(args, id, { text: event.target.value }) })}
            />
          ),
        };
      }}
    />
  );
}
