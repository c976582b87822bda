'use client';

import { Field } from '../ui/form/field.tsx';
import { ArgumentFields } from './argument-fields.tsx';
import { EnvironmentFields } from './environment-fields.tsx';
import type { FieldsProps } from './fields.ts';
import { PasteLine } from './paste-line.tsx';

/** The program and its arguments, one by one: no shell is involved. A command line can be pasted and is split once. */
export function CommandFields({ form: values, errors, onChange }: FieldsProps) {
  return (
    <>
      <Field
        id="program"
        label="Program"
        hint="Looked up on each host; its agent must allow it. No shell is involved."
        error={errors['command.program']}
      >
        {(described) => (
          <input
            {...described}
            value={values.program}
            placeholder="python3"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ program: event.target.value })}
          />
        )}
      </Field>
      <ArgumentFields form={values} errors={errors} onChange={onChange} />
      <PasteLine onChange={onChange} />
      <EnvironmentFields form={values} errors={errors} onChange={onChange} />
      <Field
        id="cwd"
        label="Working directory"
        hint="An absolute path; empty for a directory of the proc’s own."
        error={errors['command.cwd']}
      >
        {(described) => (
          <input
            {...described}
            value={values.cwd}
            placeholder="/srv/job"
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onChange({ cwd: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
