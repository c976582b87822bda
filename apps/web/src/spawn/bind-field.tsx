'use client';

import { BIND_FORM } from '@hostmesh/contract';
import { Field } from '../ui/form/field.tsx';
import type { FieldsProps } from './fields.ts';

/** Where the slots of a host may run. */
export function BindField({ form, errors, onChange }: FieldsProps) {
  return (
    <Field
      id="bind"
      label="Bind to CPUs and memory"
      wide
      hint={`A line for each slot of a host: ${BIND_FORM}. Empty binds none.`}
      error={errors['procBind']}
    >
      {(described) => (
        <textarea
          {...described}
          rows={Math.max(1, form.bind.split('\n').length)}
          value={form.bind}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange({ bind: event.target.value })}
        />
      )}
    </Field>
  );
}
