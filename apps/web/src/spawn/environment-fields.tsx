'use client';

import { rowErrors } from './field-path.ts';
import type { FieldsProps } from './fields.ts';
import type { Variable } from './form.ts';
import { ListFields, rowInput, withChange } from './list-fields.tsx';

const UNKNOWN = 'value not known, type it';

/** Variables of the program's environment. Values that a link does not tell have to be typed. */
export function EnvironmentFields({ form, errors, onChange }: FieldsProps) {
  const { env } = form;
  const change = (id: number, part: Partial<Variable>) => onChange({ env: withChange(env, id, part) });
  return (
    <ListFields
      legend="Environment"
      add="Add a variable"
      items={env}
      blank={{ name: '', value: '' }}
      onChange={(changed) => onChange({ env: changed })}
      row={({ id, name, value }, index) => {
        const { message, isWrong } = rowErrors(errors, `env.${id}`);
        const note = {
          id: `env-${id}`,
          error: message,
          hint: value === null ? `${name}: ${UNKNOWN}, or remove the variable.` : undefined,
        };
        return {
          name: name || `variable ${index + 1}`,
          note,
          inputs: (
            <>
              <input
                {...rowInput(note, isWrong('name'))}
                aria-label={`Name of variable ${index + 1}`}
                value={name}
                placeholder="NAME"
                onChange={(event) => change(id, { name: event.target.value })}
              />
              <input
                {...rowInput(note, isWrong('value'))}
                aria-label={`Value of ${name || `variable ${index + 1}`}`}
                value={value ?? ''}
                placeholder={value === null ? UNKNOWN : 'value'}
                onChange={(event) => change(id, { value: event.target.value })}
              />
            </>
          ),
        };
      }}
    />
  );
}
